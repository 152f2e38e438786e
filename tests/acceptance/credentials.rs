//! Stories of who calls AWS, and of settings under which nobody does.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::harness::local_ecs::Fault;
use crate::harness::{Backend, Outcome, REGION, REQUIRED_PROVIDER, SECRET_KEY, Workspace};
use crate::provider::{interrupt, small, wait_until};

/// PEM armour around something that is no certificate.
const ARMOUR: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/// A role in another account than the one whose keys are in the environment.
const ROLE: &str = "arn:aws:iam::210987654321:role/deploy";

/// A provider block with these settings beside region and endpoints.
fn provider(ecs: &str, sts: &str, settings: &str) -> String {
    format!(
        "{REQUIRED_PROVIDER}\nprovider \"ddrofs\" {{\n  region = \"{REGION}\"\n  endpoints {{\n    ecs = \"{ecs}\"\n    sts = \
         \"{sts}\"\n  }}\n{settings}\n}}\n"
    )
}

/// Writes this provider block beside one small resource.
fn write(workspace: &Workspace, place: &Backend, settings: &str) {
    let text = provider(&place.url(), &place.url(), settings);
    workspace.write("main.tf", &format!("{text}{}", small("web", "")));
}

fn nothing_was_called(place: &Backend) {
    assert_eq!(place.server().requests().len(), 0);
    assert_eq!(place.server().sts_operations(), Vec::<String>::new());
}

fn no_crash(outcome: Outcome) -> Outcome {
    outcome.does_not_say("crashed").does_not_say("bug in the provider").does_not_say("HUNTER2")
}

#[test]
fn a_web_identity_without_its_token_is_refused_and_nothing_is_called() {
    let place = Backend::local();
    let workspace = Workspace::new("web-identity-without-token");
    let role = |arguments: &str| {
        format!("  assume_role_with_web_identity {{\n    role_arn = \"{ROLE}\"\n{arguments}\n  }}")
    };
    let neither = "has neither web_identity_token nor web_identity_token_file";
    for (arguments, error) in [
        ("", neither),
        ("    web_identity_token = \"\"\n    web_identity_token_file = null", neither),
        (
            "    web_identity_token = \"jwt\"\n    web_identity_token_file = \"jwt.txt\"",
            "Both web_identity_token",
        ),
        ("    web_identity_token = \"jwt\"\n    duration = \"nonsense\"", "duration is \"nonsense\""),
    ] {
        write(&workspace, &place, &role(arguments));
        workspace.validate().failure().says(error);
        workspace.apply().failure().says(error);
    }
    for block in ["assume_role", "assume_role_with_web_identity"] {
        write(&workspace, &place, &format!("  {block} {{\n    role_arn = \"\"\n  }}"));
        workspace.apply().failure().says("role_arn is empty, so no role can be assumed");
    }
    nothing_was_called(&place);

    write(&workspace, &place, &role("    web_identity_token = \"jwt\"\n    web_identity_token_file = \"\""));
    workspace.apply().success();
    assert_eq!(place.server().sts_operations(), ["AssumeRoleWithWebIdentity"]);
    let state = workspace.attributes("ddrofs_ecs_task_definition.web").expect("it is in the state");
    assert_eq!(state["arn"], json!(format!("arn:aws:ecs:{REGION}:210987654321:task-definition/web:1")));
}

/// With the token unknown, the other settings lead to the environment's keys, whose account has no such revision: taken
/// for deleted, it would be planned to be added.
#[test]
fn nothing_is_called_while_a_token_is_not_known_yet() {
    let place = Backend::local();
    let workspace = Workspace::new("unknown-token");
    let settings = format!(
        "  assume_role_with_web_identity {{\n    role_arn = \"{ROLE}\"\n    web_identity_token = terraform_data.token.output\n  }}"
    );
    let token = "resource \"terraform_data\" \"token\" {\n  input = \"jwt\"\n}\n";
    let text = provider(&place.url(), &place.url(), &settings);
    workspace.write("main.tf", &format!("{text}{token}{}", small("web", "")));
    workspace.apply().success().says("2 added");
    assert_eq!(place.server().sts_operations(), ["AssumeRoleWithWebIdentity"], "known when it was needed");

    place.server().forget_requests();
    workspace
        .run(&["plan", "-input=false", "-detailed-exitcode", "-replace=terraform_data.token"])
        .changes()
        .says("1 to add, 0 to change, 1 to destroy")
        .says("Not refreshed: AWS settings are not known yet")
        .says("assume_role_with_web_identity.web_identity_token");
    nothing_was_called(&place);

    workspace.run(&["apply", "-input=false", "-auto-approve", "-replace=terraform_data.token"]).success();
    workspace.plan().no_changes().does_not_say("Not refreshed");
    assert_eq!(place.server().requests_of("RegisterTaskDefinition").len(), 0);
}

/// Every text of the block, as the schema names them, is written and empty. What is not set then comes from the environment.
#[test]
fn empty_texts_are_as_if_they_were_not_written() {
    let place = Backend::local();
    let mut workspace = Workspace::new("empty-texts");
    workspace.write("main.tf", REQUIRED_PROVIDER);
    let schema = workspace.schema_json()["provider"]["block"].take();
    let empty = |block: &serde_json::Value| {
        let attributes = block["attributes"].as_object().expect("arguments");
        let mut text = String::new();
        for (name, argument) in attributes {
            let value = match &argument["type"] {
                _ if argument["required"] == true => format!("\"{ROLE}\""),
                kind if kind == "string" => "\"\"".to_owned(),
                _ if name.starts_with("shared_") => "[\"\"]".to_owned(),
                _ => continue,
            };
            writeln!(text, "  {name} = {value}").expect("a text can be written to");
        }
        text
    };
    let blocks = &schema["block_types"];
    let text = format!(
        "{REQUIRED_PROVIDER}\nprovider \"ddrofs\" {{\n{}\nendpoints {{\n{}}}\nassume_role {{\n{}}}\n}}\n",
        empty(&schema),
        empty(&blocks["endpoints"]["block"]),
        empty(&blocks["assume_role"]["block"]),
    );
    assert!(text.matches("\"\"").count() > 16, "{text}");
    workspace.write("main.tf", &format!("{text}{}", small("web", "")));
    workspace.set("AWS_REGION", "eu-north-1");
    workspace.set("AWS_ENDPOINT_URL", &place.url());
    for empty in
        ["AWS_ENDPOINT_URL_ECS", "AWS_ENDPOINT_URL_STS", "AWS_PROFILE", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"]
    {
        workspace.set(empty, "");
    }
    no_crash(workspace.apply().success());
    let state = workspace.attributes("ddrofs_ecs_task_definition.web").expect("it is in the state");
    assert_eq!(state["arn"], json!("arn:aws:ecs:eu-north-1:210987654321:task-definition/web:1"));
    workspace.plan().no_changes();
}

#[test]
fn what_the_sdk_panics_at_is_an_error_that_names_the_setting() {
    let place = Backend::local();
    let mut workspace = Workspace::new("panics");
    workspace.write("key", "AKIAHUNTER2\n").write("armour.pem", ARMOUR);
    let key = format!("  access_key = file(\"key\")\n  secret_key = \"{SECRET_KEY}\"");
    write(&workspace, &place, &key);
    no_crash(workspace.apply().failure()).says("access_key holds a control character");
    write(&workspace, &place, "  custom_ca_bundle = \"armour.pem\"");
    no_crash(workspace.apply().failure())
        .says("block 1 of `custom_ca_bundle` armour.pem is not a certificate");

    write(&workspace, &place, "");
    workspace.set("AWS_CA_BUNDLE", "armour.pem");
    no_crash(workspace.apply().failure()).says("block 1 of AWS_CA_BUNDLE armour.pem is not a certificate");
    workspace.unset("AWS_CA_BUNDLE");
    // Nothing of it waits for the apply.
    for (variable, value, said) in [
        ("AWS_CA_BUNDLE", "nowhere.pem", "AWS_CA_BUNDLE nowhere.pem cannot be read"),
        ("HTTPS_PROXY", "socks5://proxy:1080", "HTTPS_PROXY names a proxy of SOCKS"),
        (
            "TF_APPEND_USER_AGENT",
            "wr\u{e4}pper/1",
            "TF_APPEND_USER_AGENT has a character that no header can hold",
        ),
    ] {
        workspace.set(variable, value);
        no_crash(workspace.plan().failure()).says(said);
        workspace.unset(variable);
    }
    write(&workspace, &place, "  custom_ca_bundle = \".\"");
    no_crash(workspace.plan().failure()).says("`custom_ca_bundle` . is a folder");
    write(&workspace, &place, "");
    workspace.set("AWS_MAX_ATTEMPTS", "many");
    no_crash(workspace.apply().failure()).says("AWS_MAX_ATTEMPTS, or max_attempts of the profile");
    workspace.unset("AWS_MAX_ATTEMPTS");
    workspace.set("AWS_ACCESS_KEY_ID", "AKIAHUNTER2\n");
    no_crash(workspace.apply().failure()).says("AWS_ACCESS_KEY_ID holds a control character");
    nothing_was_called(&place);
}

#[test]
fn paths_begin_at_the_home_folder_and_hold_variables() {
    let place = Backend::local();
    let mut workspace = Workspace::new("home");
    let folder = workspace.folder().display().to_string();
    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.set("KEYS", "other");
    workspace
        .write("config", "[profile deploy]\nregion = eu-north-1\n")
        .write("other.keys", "[deploy]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other\n")
        .write("jwt", "token\n");
    let profile = "  profile = \"deploy\"\n  shared_config_files = [\"~/config\"]\n  shared_credentials_files = \
                   [\"$HOME/$${KEYS}.keys\"]";
    write(&workspace, &place, profile);
    workspace.apply().success();
    assert_eq!(place.server().requests()[0].access_key, "AKIAOTHER");
    let role = "  assume_role_with_web_identity {\n    role_arn = \"arn:aws:iam::123456789012:role/deploy\"\n    \
                web_identity_token_file = \"~/jwt\"\n  }";
    write(&workspace, &place, role);
    workspace.destroy().success();
    assert_eq!(place.server().sts_operations(), ["AssumeRoleWithWebIdentity"; 2], "a plan and an apply");
    write(&workspace, &place, "  custom_ca_bundle = \"~/missing.pem\"");
    workspace.apply().failure().says(&format!("`custom_ca_bundle` {folder}/missing.pem cannot be read"));
}

/// An endpoint that accepts and never answers, and how many connections it accepted.
fn silent() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("it was bound"));
    let accepted = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&accepted);
    std::thread::spawn(move || {
        let mut connections = Vec::new();
        while let Ok((connection, _)) = listener.accept() {
            connections.push(connection);
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    (url, accepted)
}

/// Interrupts the core once the endpoint was asked, and gives what it printed when it has ended.
fn interrupted(workspace: &Workspace, mut core: Child, asked: &AtomicUsize) -> String {
    wait_until("the endpoint is asked", || asked.load(Ordering::SeqCst) > 0);
    interrupt(&core);
    wait_until("the core ends", || core.try_wait().is_ok_and(|ended| ended.is_some()));
    let outputs = std::fs::read_dir(workspace.folder()).expect("the folder is readable");
    let outputs = outputs.filter_map(Result::ok).map(|entry| entry.path());
    let outputs = outputs.filter(|path| path.extension().is_some_and(|extension| extension == "out"));
    let printed =
        outputs.map(|path| std::fs::read_to_string(path).expect("it was written")).collect::<String>();
    printed.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_interrupt_is_heard_while_the_account_is_asked_for() {
    let place = Backend::local();
    let (sts, asked) = silent();
    let workspace = Workspace::new("interrupted-identity");
    let text = provider(&place.url(), &sts, "  allowed_account_ids = [\"123456789012\"]");
    workspace.write("main.tf", &format!("{text}{}", small("web", "")));
    let core = workspace.spawn(&["apply", "-input=false", "-auto-approve"]);
    let printed = interrupted(&workspace, core, &asked);
    assert!(printed.contains("Nothing was sent to ECS yet, and nothing was changed."), "{printed}");
    nothing_was_called(&place);
}

#[test]
fn an_interrupt_is_heard_while_a_role_is_assumed() {
    let place = Backend::local();
    let workspace = Workspace::new("interrupted-role");
    write(&workspace, &place, "");
    workspace.apply().success();
    place.server().forget_requests();
    for command in
        [&["plan", "-input=false"][..], &["apply", "-input=false", "-auto-approve", "-refresh=false"]]
    {
        let (sts, asked) = silent();
        let text =
            provider(&place.url(), &sts, &format!("  assume_role {{\n    role_arn = \"{ROLE}\"\n  }}"));
        workspace.write("main.tf", &format!("{text}{}", small("web", "cpu = \"256\"")));
        let core = workspace.spawn(command);
        let printed = interrupted(&workspace, core, &asked);
        assert!(printed.contains("Nothing was sent to ECS yet, and nothing was changed."), "{printed}");
        nothing_was_called(&place);
    }
}

/// The first call that a registration makes is a look at what is there.
#[test]
fn an_interrupt_is_heard_while_ecs_is_silent() {
    let place = Backend::local();
    let (ecs, asked) = silent();
    let workspace = Workspace::new("interrupted-look");
    workspace.write("main.tf", &format!("{}{}", provider(&ecs, &place.url(), ""), small("web", "")));
    let core = workspace.spawn(&["apply", "-input=false", "-auto-approve"]);
    let printed = interrupted(&workspace, core, &asked);
    let told =
        "DescribeTaskDefinition was sent once and has no answer yet. Nothing was registered or changed.";
    assert!(printed.contains(told), "{printed}");
}

/// What happens on an ordinary day: each failure says what it is, whether anything was registered and what to do, and the
/// next run without it goes through.
#[test]
fn an_expired_session_says_whose_it_is_and_how_it_is_renewed() {
    let place = Backend::local();
    let mut workspace = Workspace::new("expired-session");
    workspace.set("AWS_SESSION_TOKEN", SECRET_KEY);
    write(&workspace, &place, "");
    place.server().fail("RegisterTaskDefinition", Fault::ExpiredToken, 1);
    workspace
        .apply()
        .failure()
        .says("AWS credentials have expired")
        .says("ECS no longer accepts the credentials in the environment (AWS_ACCESS_KEY_ID)")
        .says("Nothing was registered")
        .says("(ExpiredTokenException, HTTP status 400, request id 00000000-0000-4000-8000-000000000000)")
        .does_not_say("No AWS credentials");

    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.set("AWS_PROFILE", "daily");
    workspace.set("AWS_SHARED_CREDENTIALS_FILE", "keys");
    let keys = format!("[daily]\naws_access_key_id = AKIADAILY\naws_secret_access_key = {SECRET_KEY}\n");
    workspace.write("keys", &keys);
    place.server().fail("RegisterTaskDefinition", Fault::ExpiredToken, 1);
    workspace
        .apply()
        .failure()
        .says("the credentials of the profile \"daily\"")
        .says("aws sso login --profile daily");
    assert_eq!(place.server().requests_of("RegisterTaskDefinition").len(), 2);
    workspace.apply().success();
}

#[test]
fn a_profile_that_no_file_has_is_named_with_the_files() {
    let place = Backend::local();
    let mut workspace = Workspace::new("missing-profile");
    let folder = workspace.folder().display().to_string();
    workspace.write("config", "[profile staging]\nregion = eu-north-1\n");
    write(&workspace, &place, "  profile = \"prod\"\n  shared_config_files = [\"~/config\"]");
    workspace
        .apply()
        .failure()
        .says("AWS profile not found")
        .says("`profile` of the provider block is \"prod\", and none of these files has that profile:")
        .says(&format!("- {folder}/config - {folder}/.aws/credentials (there is no such file)"))
        .says("aws configure sso --profile prod");

    workspace.unset("AWS_ACCESS_KEY_ID");
    workspace.unset("AWS_SECRET_ACCESS_KEY");
    workspace.set("AWS_CONFIG_FILE", &format!("{folder}/config"));
    workspace.set("AWS_PROFILE", "prod");
    write(&workspace, &place, "");
    workspace
        .apply()
        .failure()
        .says("AWS_PROFILE is \"prod\", and none of these files has that profile:")
        .says("They have: \"staging\".");
    nothing_was_called(&place);
}

#[test]
fn a_host_that_cannot_be_reached_is_named_with_its_setting() {
    let place = Backend::local();
    let mut workspace = Workspace::new("unreachable");
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|gone| gone.local_addr()).expect("a free port").port();
    let closed = format!("http://127.0.0.1:{port}");
    let with = |ecs: &str| {
        let text = provider(ecs, &place.url(), "");
        workspace.write("main.tf", &format!("{text}{}", small("web", "")));
    };
    with(&closed);
    workspace
        .apply()
        .failure()
        .says("ECS cannot be reached")
        .says(&format!("no connection to 127.0.0.1:{port} could be made."))
        .says("The address comes from `endpoints { ecs }` of the provider block. Nothing was registered");
    with("localhost:4566");
    workspace
        .validate()
        .failure()
        .says("ecs is \"localhost:4566\", which lacks http:// or https:// in front. Write \"http://localhost:4566\".")
        .says("ecs = \"localhost:4566\"");

    // Without an endpoint the region makes the host; no such region is looked up anywhere.
    workspace.set("AWS_REGION", "nowhere");
    workspace.write("main.tf", &format!("{REQUIRED_PROVIDER}\n{}", small("web", "")));
    workspace
        .apply()
        .failure()
        .says("Host of ECS not found")
        .says("there is no host ecs.nowhere.amazonaws.com, or this machine cannot look names up.")
        .says("the region \"nowhere\", which is AWS_REGION.");
}

#[test]
fn a_role_that_may_not_be_assumed_is_named_with_the_action() {
    let place = Backend::local();
    let workspace = Workspace::new("role-denied");
    write(&workspace, &place, &format!("  assume_role {{\n    role_arn = \"{ROLE}\"\n  }}"));
    place.server().fail("AssumeRole", Fault::AccessDenied, 1);
    workspace
        .apply()
        .failure()
        .says("Not allowed to assume the role")
        .says(&format!("STS denies sts:AssumeRole on {ROLE}. Nothing was sent to ECS"))
        .says("\"Action\": \"sts:AssumeRole\"")
        .does_not_say("Access to ECS denied");
    write(&workspace, &place, "  allowed_account_ids = [\"123456789012\"]");
    place.server().fail("GetCallerIdentity", Fault::AccessDenied, 1);
    workspace
        .apply()
        .failure()
        .says("STS denies sts:GetCallerIdentity, which allowed_account_ids and forbidden_account_ids need.")
        .does_not_say("Allow  to them");
    assert_eq!(place.server().requests().len(), 0);
    workspace.apply().success();
}

#[test]
fn an_answer_with_a_server_error_is_an_answer() {
    let place = Backend::local();
    let workspace = Workspace::new("server-error");
    write(&workspace, &place, "");
    // Who may not look at what is there cannot find out what became of a registration.
    let fails = |fault| {
        place.server().fail("DescribeTaskDefinition", Fault::AccessDenied, 1);
        place.server().fail("RegisterTaskDefinition", fault, 1);
    };
    fails(Fault::ServerErrorBefore);
    workspace
        .apply()
        .failure()
        .says("ECS answered with a server error")
        .says("answered with HTTP status 500, which is an error on its side. Whether a revision was registered is not known.")
        .says("aws ecs list-task-definitions --family-prefix web --sort DESC")
        .says("(ServerException, HTTP status 500, request id 00000000-0000-4000-8000-000000000000)")
        .does_not_say("did not answer");
    place.server().fail("RegisterTaskDefinition", Fault::Page(403), 1);
    workspace
        .apply()
        .failure()
        .says("Refused on the way to ECS")
        .says("has HTTP status 403 and no error code of AWS in it")
        .says("Nothing was registered");
    fails(Fault::LostAnswer);
    workspace.apply().failure().says("ECS did not answer").says("no whole answer came back");
}
