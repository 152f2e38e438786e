use super::*;
use crate::rofs::settings::{HealthCheck, Probe, Secret};

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn sound() -> Settings {
    let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf";
    Settings { api_key: Some(Secret::stored(arn.into())), ..Settings::default() }
}

/// Setting and summary of each problem; no text may quote a reference, which may be a key.
fn found(settings: &Settings) -> Vec<(&'static str, &'static str)> {
    let problems = problems(settings);
    for problem in &problems {
        let texts = format!("{} {} {}", problem.summary, problem.detail, problem.fix);
        assert!(!texts.contains(KEY) && !texts.contains("hidden"), "{texts}");
    }
    problems.iter().map(|problem| (problem.setting, problem.summary)).collect()
}

#[test]
fn sound_settings_have_no_problem() {
    assert_eq!(found(&sound()), []);
    assert_eq!(found(&Settings::default()), []);
}

#[test]
fn the_api_key_is_an_arn_of_its_service() {
    let with = |key| Settings { api_key: Some(key), ..sound() };
    for wrong in ["arn:aws:secretsmanager:eu-west-1:1:secret:hidden", "hidden", ""] {
        assert_eq!(
            found(&with(Secret::parameter(wrong.into()))),
            [("api_key_parameter_arn", "Not an ARN of the right service")],
            "{wrong}"
        );
    }
    assert_eq!(found(&with(Secret::parameter("arn:aws:ssm:eu-west-1:1:parameter/key".into()))), []);
    assert_eq!(found(&with(Secret::parameter(Text::Unknown))), []);
    // The key itself is told where the pattern's own problems are.
    assert_eq!(found(&with(Secret::stored(KEY.into()))), []);
}

#[test]
fn a_command_of_a_health_check_is_read_as_it_is_written() {
    let read = |words: &[&str]| {
        crate::render::ecs::probe(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(read(&["CMD-SHELL", "a b"]), Some(Probe::Shell("a b".to_owned())));
    assert_eq!(read(&["CMD", "a", "b"]), Some(Probe::Program(vec!["a".to_owned(), "b".to_owned()])));
    for wrong in
        [&[][..], &["CMD"], &["CMD-SHELL"], &["CMD-SHELL", "a", "b"], &["CMD", ""], &["agent", "health"]]
    {
        assert_eq!(read(wrong), None, "{wrong:?}");
    }
}

#[test]
fn names_are_what_ecs_accepts() {
    let odd = Settings {
        container_name: "a b".to_owned(),
        init_container_name: String::new(),
        volume_prefix: "x".repeat(250),
        ..sound()
    };
    assert_eq!(
        found(&odd).iter().map(|(setting, _)| *setting).collect::<Vec<_>>(),
        ["container_name", "init_container_name", "volume_prefix"]
    );
}

#[test]
fn numbers_stay_in_their_ranges_and_all_are_told_at_once() {
    let odd = Settings {
        cpu: Some(-1),
        memory: Some(128),
        memory_reservation: Some(256),
        stop_timeout: Some(121),
        health_check: Some(HealthCheck {
            probe: Probe::Shell("agent health".to_owned()),
            interval: 4,
            timeout: 61,
            retries: 0,
            start_period: 301,
        }),
        restart_policy: Some(RestartPolicy {
            enabled: true,
            ignored_exit_codes: vec![0; 51],
            restart_attempt_period: Some(59),
        }),
        ..sound()
    };
    let settings: Vec<_> = found(&odd).into_iter().map(|(setting, _)| setting).collect();
    assert_eq!(
        settings,
        [
            "cpu",
            "stop_timeout",
            "health_check.interval",
            "health_check.timeout",
            "health_check.retries",
            "health_check.start_period",
            "restart_policy.restart_attempt_period",
            "memory_reservation",
            "restart_policy.ignored_exit_codes",
        ]
    );
}

#[test]
fn files_that_alone_are_more_than_a_task_definition_are_told_at_their_setting() {
    let files = |contents: &[String]| {
        let files = contents.iter().enumerate();
        Settings {
            config_files: files
                .map(|(at, content)| (format!("conf.d/{at}.yaml"), Text::from(content.clone())))
                .collect(),
            ..sound()
        }
    };
    let (half, mebibyte) = ("x".repeat(33_000), "x".repeat(1 << 20));
    let told = [("config_files", "More than a task definition holds")];
    assert_eq!(found(&files(std::slice::from_ref(&half))), []);
    assert_eq!(found(&files(&[half.clone(), half])), told);
    assert_eq!(found(&files(&["\n".repeat(33_000)])), told, "a line end is two bytes of JSON");
    assert_eq!(found(&files(std::slice::from_ref(&mebibyte))), told);
    let mut unknown = files(&[mebibyte]);
    unknown.config_files.insert("b".to_owned(), Text::Unknown);
    assert_eq!(found(&unknown), told);
}
