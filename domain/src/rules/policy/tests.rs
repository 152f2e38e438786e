//! Layers, the order of precedence, the days around a waiver's end, and what a policy cannot tell yet.

use time::Date;
use time::macros::date;

use super::*;
use crate::document::Node;
use crate::rofs::settings::Text;
use crate::rules::{Severity, Subject, judge};

const TODAY: Date = date!(2026 - 11 - 22);

/// A container with a writable root and a misspelt key: a warning of ECS.5 and an error of no control.
fn judgement() -> Judgement {
    let container = Node::from([
        ("name", Node::from("app")),
        ("image", Node::from("nginx:1.29.3")),
        ("memory", Node::from(128)),
        ("newKey", Node::from("x")),
    ]);
    let document =
        Node::from([("family", Node::from("shop")), ("containerDefinitions", Node::Array(vec![container]))]);
    judge(&Subject::of(&document))
}

/// What the policy makes of the two findings: rule and severity word.
fn words(policed: &Policed) -> Vec<(&'static str, &'static str)> {
    let of_ours = |finding: &&Finding| [WRITABLE, UNKNOWN_KEY].contains(&finding.rule);
    let findings = policed.findings.iter().filter(of_ours);
    findings.map(|finding| (finding.rule, finding.severity_word())).collect()
}

fn detail(policed: &Policed, rule: &str) -> String {
    policed.findings.iter().find(|finding| finding.rule == rule).unwrap().detail()
}

const WRITABLE: &str = "root-filesystem-writable";
const UNKNOWN_KEY: &str = "unknown-key";

fn waiver(rule: &str, expires: Date) -> Waiver {
    Waiver {
        rule: rule.into(),
        container: None,
        reason: "the vendor's image writes to /opt".into(),
        owner: "checkout".into(),
        expires: Some(expires),
    }
}

fn waived(rule: &str, expires: Date) -> Policy {
    Policy { waivers: vec![waiver(rule, expires)], ..Policy::default() }
}

fn enforced() -> Policy {
    Policy { enforce: ["ECS.5"].into(), ..Policy::default() }
}

fn set(rule: &'static str, level: Level) -> Policy {
    Policy { severity: [(rule, level)].into(), ..Policy::default() }
}

#[test]
fn without_a_policy_findings_are_what_their_rules_say() {
    let policed = Policy::default().apply(&judgement(), TODAY);
    assert_eq!(policed.findings, judgement().findings);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "warning")]);
    assert!(policed.is_settled());
}

#[test]
fn a_severity_replaces_the_rules_own_and_the_finding_says_so() {
    let policed = set(WRITABLE, Level::Error).apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "error")]);
    assert!(detail(&policed, WRITABLE).ends_with("because the policy makes this rule one."));
    let policed = set(UNKNOWN_KEY, Level::Warning).apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "warning"), (WRITABLE, "warning")]);
    let policed = set(UNKNOWN_KEY, Level::Off).apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(WRITABLE, "warning")]);
    assert!(policed.is_settled());
}

#[test]
fn an_enforced_control_is_a_floor_that_no_severity_lowers() {
    let policed = enforced().apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "error")]);
    assert!(detail(&policed, WRITABLE).ends_with("It is an error because the policy enforces ECS.5."));
    for level in [Level::Off, Level::Warning, Level::Unknown] {
        let narrower = set(WRITABLE, level).over(&enforced());
        let policed = narrower.apply(&judgement(), TODAY);
        assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "error")], "{level:?}");
        assert!(policed.is_settled());
    }
}

#[test]
fn a_note_is_raised_by_a_severity_or_an_enforced_control_and_stays_one_when_it_is_waived() {
    let word = |policy: &Policy| {
        let policed = policy.apply(&judgement(), TODAY);
        let finding = policed.findings.iter().find(|finding| finding.rule == "root-user").unwrap().clone();
        (finding.severity, finding.severity_word(), policed.fades)
    };
    assert_eq!(word(&Policy::default()), (Severity::Note, "note", false));
    assert_eq!(word(&set("root-user", Level::Warning)), (Severity::Warning, "warning", false));
    assert_eq!(word(&set("root-user", Level::Error)), (Severity::Error, "error", false));
    let enforced = Policy { enforce: ["ECS.20"].into(), ..Policy::default() };
    assert_eq!(word(&enforced), (Severity::Error, "error", false));
    // Nobody is told of a note, waived or not.
    assert_eq!(word(&waived("root-user", TODAY)), (Severity::Note, "waived", true));
    let lowered = set(WRITABLE, Level::Note).apply(&judgement(), TODAY);
    assert_eq!(words(&lowered), [(UNKNOWN_KEY, "error"), (WRITABLE, "note")]);
    assert!(detail(&lowered, WRITABLE).ends_with("It is a note because the policy makes this rule one."));
}

/// An Agent and its init container, both root: one of them can be mended.
fn sidecars() -> Judgement {
    judge(&Subject::of(
        &crate::document::parse(
            r#"{ "runtimePlatform": { "operatingSystemFamily": "LINUX" }, "containerDefinitions": [
                { "name": "init", "image": "datadog/agent:7.81.1", "command": ["sh", "-c", "cp -R /a /b"] },
                { "name": "agent", "image": "datadog/agent:7.81.1" }] }"#,
        )
        .unwrap(),
    ))
}

#[test]
fn of_sidecars_only_what_they_cannot_meet_is_accepted_and_no_enforced_control_makes_an_error_of_it() {
    let words = |policy: &Policy| -> Vec<(String, &'static str, Severity)> {
        let policed = policy.apply(&sidecars(), TODAY);
        let of_root = policed.findings.into_iter().filter(|finding| finding.rule == "root-user");
        of_root
            .map(|one| (one.container.clone().unwrap_or_default(), one.severity_word(), one.severity))
            .collect()
    };
    let said = |init, agent| vec![("init".to_owned(), init), ("agent".to_owned(), agent)];
    let words_of = |policy: &Policy| -> Vec<(String, &'static str)> {
        words(policy).into_iter().map(|(container, word, _)| (container, word)).collect()
    };
    let accepts = || Policy { accept_sidecars: ["ECS.20"].into(), ..Policy::default() };
    let enforces = || Policy { enforce: ["ECS.20"].into(), ..Policy::default() };
    assert_eq!(words_of(&accepts()), said("accepted", "note"));
    assert_eq!(words_of(&enforces()), said("error", "error"));
    assert_eq!(words_of(&accepts().over(&enforces())), said("accepted", "error"));
    assert_eq!(words(&accepts().over(&enforces()))[0].2, Severity::Note);
    assert_eq!(words_of(&accepts().over(&set("root-user", Level::Off))), []);
    // A waiver that holds as well is not needed, and no date is spoken of.
    let policed = accepts().over(&waived("root-user", TODAY)).apply(&sidecars(), TODAY);
    let init = policed.findings.iter().find(|one| one.accepted).unwrap();
    assert!(
        init.waiver.is_none() && init.detail().ends_with("accept_sidecars names ECS.20."),
        "{}",
        init.detail()
    );
    let unknown = UnknownParts { accept_sidecars: true, ..UnknownParts::default() };
    let open = Policy { unknown, ..Policy::default() }.apply(&sidecars(), TODAY).open;
    assert!(open.contains("root-user"));
    let nobodys = Policy { unknown, ..Policy::default() }.apply(&judgement(), TODAY).open;
    assert!(!nobodys.contains("root-user"), "only sidecars are accepted");
}

#[test]
fn only_what_sidecars_cannot_meet_can_be_accepted_of_them() {
    assert_eq!(accepted_control("ECS.20"), Ok("ECS.20"));
    for name in ["ECS.5", "ECS.99", ""] {
        let problem = accepted_control(name).unwrap_err().to_string();
        assert!(problem.contains("That is so of ECS.20 alone"), "{problem}");
    }
}

/// One missing user is one finding, which names one control, and two controls fail because of it.
#[test]
fn a_control_that_fails_without_a_finding_of_its_own_is_enforced_where_it_fails() {
    let judgement = judgement();
    let finding = judgement.findings.iter().find(|finding| finding.rule == "root-user").unwrap();
    assert_eq!((finding.severity, finding.control), (Severity::Note, Some("ECS.20")));
    assert!(judgement.failures.iter().any(|failure| failure.control == "ECS.21"));
    for control in ["ECS.20", "ECS.21"] {
        let off = set("root-user", Level::Off);
        let policy = off.over(&Policy { enforce: [control].into(), ..Policy::default() });
        let policed = policy.apply(&judgement, TODAY);
        assert!(detail(&policed, "root-user").ends_with(&format!("because the policy enforces {control}.")));
    }
    let open = Policy { unknown: UnknownParts { enforce: true, ..Default::default() }, ..Policy::default() };
    assert!(open.apply(&judgement, TODAY).open.contains("root-user"));
}

/// What fails in silence can be enforced only because a finding stands at the same place.
#[test]
fn no_control_fails_where_nothing_is_found() {
    let container = |members: &str| {
        format!(r#"{{ "containerDefinitions": [{{ "name": "app", "image": "nginx:1.29.3", {members} }}] }}"#)
    };
    let volume = |members: &str| {
        format!(
            r#"{{ "volumes": [{{ "name": "v", "efsVolumeConfiguration": {{ "fileSystemId": "fs-1", {members} }} }}] }}"#
        )
    };
    let documents = [
        container(r#""user": 0"#),
        container(r#""user": """#),
        container(r#""logConfiguration": {}"#),
        container(r#""logConfiguration": { "logDriver": 7 }"#),
        container(r#""logConfiguration": { "logDriver": "" }"#),
        volume(r#""transitEncryption": true"#),
        volume(r#""transitEncryption": "MAYBE""#),
    ];
    let mut silent = 0;
    for text in documents {
        let document = crate::document::parse(&text).unwrap();
        let judgement = judge(&Subject::of(&document));
        for failure in &judgement.failures {
            let at_its_place = || judgement.findings.iter().filter(|finding| finding.path == failure.path);
            assert!(at_its_place().next().is_some(), "{text}: {failure:?}");
            silent += usize::from(at_its_place().all(|finding| finding.control != Some(failure.control)));
        }
    }
    assert!(silent >= 5, "{silent}");
}

#[test]
fn a_waiver_is_the_way_out_of_an_enforced_control() {
    let policed = waived(WRITABLE, TODAY).over(&enforced()).apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "waived")]);
}

#[test]
fn a_waiver_holds_on_its_last_day_and_not_on_the_next() {
    let policy = waived(UNKNOWN_KEY, date!(2026 - 12 - 31));
    let on = |day: Date| policy.apply(&judgement(), day);
    for day in [date!(2026 - 11 - 22), date!(2026 - 12 - 31)] {
        let policed = on(day);
        assert_eq!(words(&policed), [(UNKNOWN_KEY, "waived"), (WRITABLE, "warning")], "{day}");
        assert!(
            detail(&policed, UNKNOWN_KEY).ends_with(
                "Waived by checkout until 2026-12-31, that day included, because: \"the vendor's image writes to \
                 /opt\". After that day it is an error again."
            ),
            "{}",
            detail(&policed, UNKNOWN_KEY)
        );
        let finding = &policed.findings.iter().find(|finding| finding.rule == UNKNOWN_KEY).unwrap();
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.waiver.as_ref().unwrap().until, date!(2026 - 12 - 31));
    }
    let policed = on(date!(2027 - 01 - 01));
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "warning")]);
    assert!(detail(&policed, UNKNOWN_KEY).ends_with("The waiver of checkout ended on 2026-12-31."));
    assert!(policed.is_settled(), "an end that is past comes no second time");
}

#[test]
fn after_its_waiver_a_finding_is_what_it_was_and_one_that_was_a_warning_fades_without_an_error() {
    let policed = waived(WRITABLE, TODAY).apply(&judgement(), TODAY);
    assert!(detail(&policed, WRITABLE).ends_with("After that day it is a warning again."));
    assert!(policed.fades && !policed.is_settled());
    let policed = waived(WRITABLE, TODAY).apply(&judgement(), date!(2026 - 11 - 23));
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "error"), (WRITABLE, "warning")]);
    assert!(waived(UNKNOWN_KEY, TODAY).apply(&judgement(), TODAY).is_settled(), "an error tells of its end");
}

#[test]
fn a_waiver_for_a_container_is_for_that_one_alone() {
    let of_container = |name: &str| {
        let waiver = Waiver { container: Some(name.into()), ..waiver(WRITABLE, TODAY) };
        let policy = Policy { waivers: vec![waiver], ..Policy::default() };
        words(&policy.apply(&judgement(), TODAY))[1].1
    };
    assert_eq!((of_container("app"), of_container("proxy")), ("waived", "warning"));
}

#[test]
fn of_several_waivers_the_one_that_lasts_longest_is_named() {
    let mut policy = Policy::default();
    policy.waivers.extend(
        [date!(2026 - 01 - 31), date!(2026 - 03 - 31), date!(2025 - 12 - 31)]
            .map(|day| waiver(UNKNOWN_KEY, day)),
    );
    let policed = policy.apply(&judgement(), TODAY);
    assert!(detail(&policed, UNKNOWN_KEY).ends_with("ended on 2026-03-31."));
    policy.waivers.extend([TODAY, date!(2026 - 11 - 23)].map(|day| waiver(UNKNOWN_KEY, day)));
    // The words are the same on both days, although one of the waivers ends in between.
    for day in [TODAY, date!(2026 - 11 - 23)] {
        let policed = policy.apply(&judgement(), day);
        assert_eq!(words(&policed)[0], (UNKNOWN_KEY, "waived"), "{day}");
        assert!(detail(&policed, UNKNOWN_KEY).contains("until 2026-11-23"), "{day}");
        assert!(!detail(&policed, UNKNOWN_KEY).contains("ended"), "{day}");
    }
}

#[test]
fn a_key_is_allowed_by_its_name_or_its_path_and_no_other_is() {
    let allowing = |key: &str| {
        let policy = Policy { allow_keys: [key.to_owned()].into(), ..Policy::default() };
        let policed = policy.apply(&judgement(), TODAY);
        !words(&policed).contains(&(UNKNOWN_KEY, "error"))
    };
    assert!(allowing("newKey") && allowing("containerDefinitions.newKey"));
    for other in ["newkey", "containerDefinitions", "volumes.newKey", "containerDefinitions[0].newKey"] {
        assert!(!allowing(other), "{other}");
    }
}

#[test]
fn layers_unite_but_for_a_rules_severity_which_is_the_narrower_ones() {
    let wider = Policy {
        enforce: ["ECS.5"].into(),
        severity: [(WRITABLE, Level::Off), (UNKNOWN_KEY, Level::Warning)].into(),
        accept_sidecars: ["ECS.20"].into(),
        waivers: vec![waiver(WRITABLE, TODAY)],
        allow_keys: ["one".to_owned()].into(),
        unknown: UnknownParts::default(),
    };
    let narrower = Policy {
        enforce: ["ECS.8"].into(),
        severity: [(UNKNOWN_KEY, Level::Error)].into(),
        accept_sidecars: [].into(),
        waivers: vec![waiver(UNKNOWN_KEY, TODAY)],
        allow_keys: ["two".to_owned()].into(),
        unknown: UnknownParts::default(),
    };
    let merged = narrower.over(&wider);
    assert_eq!(merged.enforce, ["ECS.5", "ECS.8"].into());
    assert_eq!(merged.severity, [(WRITABLE, Level::Off), (UNKNOWN_KEY, Level::Error)].into());
    assert_eq!(merged.waivers, [waiver(UNKNOWN_KEY, TODAY), waiver(WRITABLE, TODAY)]);
    assert_eq!(merged.accept_sidecars, ["ECS.20"].into());
    assert_eq!(merged.allow_keys, ["one".to_owned(), "two".to_owned()].into());
    assert_eq!(merged.unknown, UnknownParts::default());
}

#[test]
fn what_is_not_known_yet_is_neither_an_error_nor_lost() {
    let policed = Policy::unknown().apply(&judgement(), TODAY);
    assert_eq!(words(&policed), [(UNKNOWN_KEY, "warning"), (WRITABLE, "warning")]);
    assert!(policed.open.contains(UNKNOWN_KEY) && policed.open.contains(WRITABLE));
    assert!(detail(&policed, UNKNOWN_KEY).ends_with("it is judged again when it is."));
}

/// Which of the two findings are open under a policy.
fn open(policy: &Policy) -> Vec<&'static str> {
    let policed = policy.apply(&judgement(), TODAY);
    [UNKNOWN_KEY, WRITABLE].into_iter().filter(|rule| policed.open.contains(rule)).collect()
}

#[test]
fn an_unknown_part_leaves_open_only_what_it_can_touch() {
    let unknown = |unknown: UnknownParts| Policy { unknown, ..Policy::default() };
    // Enforcing only raises, and only findings of a control that are no errors yet.
    assert_eq!(open(&unknown(UnknownParts { enforce: true, ..Default::default() })), [WRITABLE]);
    assert_eq!(
        open(&unknown(UnknownParts { severity: true, ..Default::default() })),
        [UNKNOWN_KEY, WRITABLE]
    );
    assert_eq!(open(&unknown(UnknownParts { waivers: true, ..Default::default() })), [UNKNOWN_KEY, WRITABLE]);
    assert_eq!(open(&unknown(UnknownParts { allow_keys: true, ..Default::default() })), [UNKNOWN_KEY]);
    assert_eq!(open(&set(WRITABLE, Level::Unknown)), [WRITABLE]);
}

#[test]
fn a_narrower_severity_settles_what_a_wider_one_leaves_open_and_not_the_other_way_round() {
    let unknown =
        Policy { unknown: UnknownParts { severity: true, ..Default::default() }, ..Policy::default() };
    assert_eq!(open(&set(UNKNOWN_KEY, Level::Warning).over(&unknown)), [WRITABLE]);
    assert_eq!(open(&unknown.over(&set(UNKNOWN_KEY, Level::Warning))), [UNKNOWN_KEY, WRITABLE]);
}

#[test]
fn a_waiver_with_an_unknown_part_leaves_open_what_it_may_cover() {
    let with = |change: fn(&mut Waiver)| {
        let mut waiver = waiver(UNKNOWN_KEY, TODAY);
        change(&mut waiver);
        open(&Policy { waivers: vec![waiver], ..Policy::default() })
    };
    assert_eq!(with(|waiver| waiver.rule = Text::Unknown), [UNKNOWN_KEY, WRITABLE]);
    assert_eq!(with(|waiver| waiver.container = Some(Text::Unknown)), [UNKNOWN_KEY]);
    assert_eq!(with(|waiver| waiver.expires = None), [UNKNOWN_KEY]);
    assert_eq!(with(|waiver| waiver.reason = Text::Unknown), [UNKNOWN_KEY]);
    assert_eq!(with(|waiver| waiver.owner = Text::Unknown), [UNKNOWN_KEY]);
    let other = |waiver: &mut Waiver| {
        waiver.container = Some("proxy".into());
        waiver.expires = None;
    };
    assert_eq!(with(other), [""; 0], "a waiver of another container touches nothing");
}

#[test]
fn a_waiver_that_lets_nothing_pass_is_idle_unless_its_rule_is_undecided() {
    let policy = Policy {
        waivers: vec![
            waiver(WRITABLE, TODAY),
            waiver("mount-without-volume", TODAY),
            Waiver { container: Some("proxy".into()), ..waiver(UNKNOWN_KEY, TODAY) },
            Waiver { container: Some(Text::Unknown), ..waiver("mount-without-volume", TODAY) },
        ],
        ..Policy::default()
    };
    let mut judgement = judgement();
    assert_eq!(policy.idle_waivers(&judgement).collect::<Vec<_>>(), [1, 2]);
    judgement.undecided.push("mount-without-volume");
    assert_eq!(policy.idle_waivers(&judgement).collect::<Vec<_>>(), [2]);
}

#[test]
fn names_are_those_of_the_catalogue_and_a_slip_is_understood() {
    assert_eq!(rule_named(WRITABLE), Ok(WRITABLE));
    let problem = rule_named("root-filesytem-writable").unwrap_err();
    assert!(problem.to_string().ends_with("Did you mean \"root-filesystem-writable\"?"), "{problem}");
    assert_eq!(rule_named("nonsense").unwrap_err().to_string(), "No rule has the name \"nonsense\".");
    assert_eq!(control_named("ECS.5"), Ok("ECS.5"));
    let problem = control_named("ECS.99").unwrap_err().to_string();
    assert!(problem.contains("There are rules for ECS."), "{problem}");
}

#[test]
fn a_severity_is_one_of_four_words() {
    assert_eq!(Level::parse("r", "off"), Ok(Level::Off));
    assert_eq!(Level::parse("r", "note"), Ok(Level::Note));
    for wrong in ["", "Error", "warn", "none"] {
        let problem = Level::parse("unknown-key", wrong).unwrap_err().to_string();
        assert!(problem.starts_with(&format!("The severity of unknown-key is \"{wrong}\".")), "{problem}");
    }
}

#[test]
fn a_date_is_year_month_and_day_of_a_day_that_exists() {
    assert_eq!(Waiver::parse_expires("2028-02-29"), Ok(date!(2028 - 02 - 29)));
    for wrong in
        ["", "2027-02-29", "2027-13-01", "2027-1-1", "31.12.2027", "2027-01-01T00:00:00Z", "+2027-01-01"]
    {
        assert!(Waiver::parse_expires(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_allowed_key_is_a_name_or_a_path_of_names() {
    for right in ["newKey", "containerDefinitions.newKey", "volumes.efsVolumeConfiguration.new-key"] {
        assert_eq!(allowed_key(right), Ok(right.to_owned()));
    }
    for wrong in
        ["", ".", "newKey.", "containerDefinitions[0].newKey", "containerDefinitions.*.newKey", "new key"]
    {
        assert!(allowed_key(wrong).is_err(), "{wrong}");
    }
}
