//! Collects what `tracing` reports and decides what may be seen. Knows no output but the line that it hands on.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use serde_json::Value;
use time::OffsetDateTime;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::Level;
use super::line::Line;

/// Writes events as hclog lines.
pub struct HclogLayer<W> {
    level: tracing::Level,
    write: W,
}

impl<W: Fn(&str) + 'static> HclogLayer<W> {
    /// Hands every line, with its end, to `write`.
    pub fn new(level: Level, write: W) -> Self {
        Self { level: level.to_tracing(), write }
    }
}

impl<W> fmt::Debug for HclogLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HclogLayer").field("level", &self.level).finish_non_exhaustive()
    }
}

/// Whether code of this crate is speaking.
fn is_own(metadata: &Metadata<'_>) -> bool {
    let crate_name = metadata.target().split("::").next().unwrap_or_default();
    [env!("CARGO_CRATE_NAME"), "terraform_provider_ddrofs"].contains(&crate_name)
}

impl<S, W> Layer<S> for HclogLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn(&str) + 'static,
{
    fn enabled(&self, metadata: &Metadata<'_>, _ctx: Context<'_, S>) -> bool {
        let most = if is_own(metadata) { self.level } else { self.level.min(tracing::Level::WARN) };
        *metadata.level() <= most
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::from_level(self.level))
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, ctx: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = ctx.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, ctx: Context<'_, S>) {
        if let Some(span) = ctx.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let mut fields = BTreeMap::new();
        for span in ctx.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span.values.clone());
            }
        }
        let mut of_event = Fields::default();
        event.record(&mut of_event);
        fields.extend(of_event.values);
        let line = Line {
            level: *event.metadata().level(),
            message: of_event.message,
            // Names of hclog's loggers are joined with dots.
            module: event.metadata().target().replace("::", "."),
            timestamp: OffsetDateTime::now_utc(),
            fields,
        };
        (self.write)(&line.render());
    }
}

/// Fields of a span or an event.
#[derive(Debug, Default)]
struct Fields {
    message: String,
    values: BTreeMap<&'static str, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.values.insert(field.name(), value.into());
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.message);
        } else {
            self.put(field, value);
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        self.put(field, text);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::subscriber::with_default;
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::registry;

    use super::*;

    fn logged(level: Level, events: impl FnOnce()) -> Vec<Value> {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = lines.clone();
        let layer = HclogLayer::new(level, move |line: &str| sink.lock().unwrap().push(line.to_owned()));
        with_default(registry().with(layer), events);
        lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn writes_message_level_module_and_fields() {
        let lines = logged(Level::Debug, || {
            tracing::info!(tf_rpc = "ReadDataSource", attempts = 3, done = true, "read {}", "it");
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(line["@message"], "read it");
        assert_eq!(line["@level"], "info");
        assert_eq!(line["@module"], "ddrofs.plugin.log.layer.tests");
        assert_eq!(line["tf_rpc"], "ReadDataSource");
        assert_eq!(line["attempts"], 3);
        assert_eq!(line["done"], true);
    }

    #[test]
    fn keeps_fields_of_the_spans_around_an_event() {
        let lines = logged(Level::Trace, || {
            let rpc = tracing::debug_span!(
                "rpc",
                tf_rpc = "PlanResourceChange",
                tf_resource_type = tracing::field::Empty
            );
            let _entered = rpc.enter();
            rpc.record("tf_resource_type", "ddrofs_ecs_task_definition");
            tracing::trace!("planning");
        });
        assert_eq!(lines[0]["tf_rpc"], "PlanResourceChange");
        assert_eq!(lines[0]["tf_resource_type"], "ddrofs_ecs_task_definition");
    }

    #[test]
    fn lets_other_crates_warn_but_not_chat() {
        let lines = logged(Level::Trace, || {
            tracing::trace!(target: "h2::codec::framed_write", "a body with api_key=0123456789");
            tracing::debug!(target: "aws_smithy_runtime::client", "a request");
            tracing::info!(target: "ddrofs_lookalike", "not ours");
            tracing::warn!(target: "aws_config::profile", "no such profile");
        });
        let [line] = &lines[..] else { panic!("{lines:?}") };
        assert_eq!(line["@module"], "aws_config.profile");
    }

    #[test]
    fn leaves_out_what_is_below_the_level() {
        let lines = logged(Level::Error, || {
            tracing::warn!("ours");
            tracing::warn!(target: "h2", "theirs");
        });
        assert!(lines.is_empty(), "{lines:?}");
    }

    #[test]
    fn tells_the_causes_of_an_error() {
        let error = std::io::Error::other(std::fmt::Error);
        let lines = logged(Level::Error, || {
            tracing::error!(error = &error as &(dyn Error + 'static), "failed");
        });
        assert!(lines[0]["error"].as_str().unwrap().starts_with("an error occurred when formatting"));
    }
}
