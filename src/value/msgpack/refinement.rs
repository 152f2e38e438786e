//! What is certain about an unknown value, as the payload of an extension: a map from small integers to facts.

use rmp::encode as write;

use super::super::{CodecError, Number, Refinement, Type, Value};
use super::decode::{Kind, Reader};
use super::encode;

const NOT_NULL: i64 = 1;
const STRING_PREFIX: i64 = 2;
const NUMBER_MIN: i64 = 3;
const NUMBER_MAX: i64 = 4;
const LENGTH_MIN: i64 = 5;
const LENGTH_MAX: i64 = 6;

/// Reads as many facts as are understood. A refinement only ever makes an answer better, so one that cannot be read,
/// or that a newer core invented, is left out rather than refused.
pub(super) fn decode(payload: &[u8]) -> Option<Box<Refinement>> {
    let mut refinement = Refinement::default();
    // What was read before an unreadable fact holds.
    let _ = read_facts(payload, &mut refinement);
    (refinement != Refinement::default()).then(|| Box::new(refinement))
}

fn read_facts(payload: &[u8], refinement: &mut Refinement) -> Result<(), CodecError> {
    let mut reader = Reader::new(payload);
    let marker = reader.marker()?;
    for _ in 0..reader.length(marker, Kind::Map, &Type::map(Type::Dynamic))? {
        let Some(fact) = integer(&mut reader)? else { break };
        match fact {
            NOT_NULL => refinement.not_null = reader.value(&Type::Bool, 0)? == Value::Bool(false),
            STRING_PREFIX => {
                let marker = reader.marker()?;
                refinement.string_prefix = Some(reader.text(marker, &Type::String)?.to_owned());
            }
            NUMBER_MIN => refinement.number_min = bound(&mut reader)?,
            NUMBER_MAX => refinement.number_max = bound(&mut reader)?,
            LENGTH_MIN => refinement.length_min = integer(&mut reader)?,
            LENGTH_MAX => refinement.length_max = integer(&mut reader)?,
            _ => break,
        }
    }
    Ok(())
}

fn integer(reader: &mut Reader<'_>) -> Result<Option<i64>, CodecError> {
    Ok(match reader.value(&Type::Number, 0)? {
        Value::Number(number) => number.as_i64(),
        _ => None,
    })
}

fn bound(reader: &mut Reader<'_>) -> Result<Option<(Number, bool)>, CodecError> {
    let pair = reader.value(&Type::Tuple(vec![Type::Number, Type::Bool]), 0)?;
    Ok(match pair.elements() {
        [Value::Number(number), Value::Bool(inclusive)] => Some((number.clone(), *inclusive)),
        _ => None,
    })
}

/// The payload, or `None` where nothing is certain.
pub(super) fn payload(refinement: &Refinement) -> Option<Vec<u8>> {
    let mut facts: Vec<(i64, Vec<u8>)> = Vec::new();
    if refinement.not_null {
        facts.push((NOT_NULL, vec![rmp::Marker::False.to_u8()]));
    }
    if let Some(prefix) = &refinement.string_prefix {
        facts.push((STRING_PREFIX, encoded(|out| encode::text(out, prefix))));
    }
    for (fact, bound) in [(NUMBER_MIN, &refinement.number_min), (NUMBER_MAX, &refinement.number_max)] {
        if let Some((number, inclusive)) = bound {
            facts.push((
                fact,
                encoded(|out| {
                    out.push(rmp::Marker::FixArray(2).to_u8());
                    encode::number(out, number);
                    out.push(if *inclusive { rmp::Marker::True } else { rmp::Marker::False }.to_u8());
                }),
            ));
        }
    }
    for (fact, length) in [(LENGTH_MIN, refinement.length_min), (LENGTH_MAX, refinement.length_max)] {
        if let Some(length) = length {
            facts.push((fact, encoded(|out| encode::number(out, &Number::from(length)))));
        }
    }
    if facts.is_empty() {
        return None;
    }
    Some(encoded(|out| {
        write::write_map_len(out, u32::try_from(facts.len()).expect("six facts at most"))
            .expect("a vector takes everything");
        for (fact, content) in facts {
            encode::number(out, &Number::from(fact));
            out.extend(content);
        }
    }))
}

fn encoded(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    out
}
