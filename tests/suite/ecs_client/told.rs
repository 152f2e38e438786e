//! What a person is told when a call fails: the provider itself calls an endpoint that fails in one way, and its words are
//! held in a file, so that a change of them is seen. `UPDATE_EXPECT=1` rewrites the file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use ddrofs::diagnostics::{Diagnostic, Diagnostics};
use ddrofs::framework::{ApplyRequest, Context, PlanRequest, Provider, ReadRequest, Resource};
use ddrofs::value::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::credentials::in_a_bare_environment;
use super::endpoint::{Answer, Endpoint, error, ok};
use super::tls::Tls;

/// What no text may hold: the secrets of every request, and what a foreign answer brings along.
const CANARY: &str = "hunter2";

const ROLE: &str = "arn:aws:iam::210987654321:role/deploy";
const ID: &str = "5ab1f6e4-0000-4000-8000-000000000001";

/// What Terraform asks for.
#[derive(Clone, Copy, PartialEq)]
enum Doing {
    Registering,
    Refreshing,
    Destroying,
}

/// One failure: how the provider is set, and where its calls end up.
struct Case {
    name: &'static str,
    doing: Doing,
    ecs: Option<String>,
    settings: Vec<(&'static str, Value)>,
    /// Ports and folders of this run, and what stands for them.
    masked: Vec<(String, &'static str)>,
}

impl Case {
    fn new(name: &'static str, ecs: &str) -> Self {
        let port = ecs.rsplit(':').next().unwrap_or_default().to_owned();
        Case {
            name,
            doing: Doing::Registering,
            ecs: Some(ecs.to_owned()),
            settings: vec![
                ("access_key", Value::from("AKIDEXAMPLE")),
                ("secret_key", Value::from(CANARY)),
                ("token", Value::from(CANARY)),
                ("region", Value::from("eu-west-1")),
            ],
            masked: vec![(port, "PORT")],
        }
    }

    fn while_(self, doing: Doing) -> Self {
        Case { doing, ..self }
    }

    /// With this setting in place of the usual one.
    fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.settings.retain(|(given, _)| *given != name);
        self.settings.push((name, value.into()));
        self
    }

    fn without(mut self, names: &[&str]) -> Self {
        self.settings.retain(|(given, _)| !names.contains(given));
        self
    }

    fn mask(mut self, text: &str, mask: &'static str) -> Self {
        self.masked.insert(0, (text.to_owned(), mask));
        self
    }

    /// With the keys of a profile in these files, and nothing else.
    fn of_profile(self, name: &str, folder: &Path) -> Self {
        let file = |name: &str| Value::List(vec![Value::from(folder.join(name).display().to_string())]);
        self.without(&["access_key", "secret_key", "token"])
            .with("profile", name)
            .with("shared_config_files", file("config"))
            .with("shared_credentials_files", file("credentials"))
            .mask(&folder.display().to_string(), "FOLDER")
    }

    /// The provider block.
    fn block(&self, ecs: Option<&str>, provider: &dyn Provider) -> Value {
        let mut settings: BTreeMap<String, Value> =
            self.settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        settings.insert("max_retries".to_owned(), Value::from(0));
        let sts = settings.remove("sts").or_else(|| ecs.map(Value::from));
        if let Some(ecs) = ecs {
            let endpoints = object([("ecs", Value::from(ecs)), ("sts", sts.unwrap_or(Value::Null))]);
            settings.insert("endpoints".to_owned(), Value::List(vec![endpoints]));
        }
        provider.schema().block.complete(settings)
    }

    /// What the provider says.
    async fn told(&self) -> Diagnostics {
        match self.doing {
            Doing::Registering => self.register(self.ecs.as_deref()).await.1,
            _ => self.later().await,
        }
    }

    async fn register(&self, ecs: Option<&str>) -> (Value, Diagnostics) {
        let provider = ddrofs::provider::ddrofs();
        let block = self.block(ecs, &provider);
        let validated = provider.validate_config(&block).await;
        if validated.has_errors() {
            return (Value::Null, validated);
        }
        let told = provider.configure(&Context::default(), block, "1.11.4").await;
        assert!(!told.has_errors(), "{told:?}");
        let resource = task_definition(&provider);
        let config = config(resource);
        let planned = PlanRequest {
            prior_state: Value::Null,
            proposed_new_state: config.clone(),
            config: config.clone(),
            prior_private: Vec::new(),
        };
        let (planned, told) = resource.plan(&Context::default(), planned).await;
        let Some(planned) = planned else { return (Value::Null, told) };
        let request = ApplyRequest {
            prior_state: Value::Null,
            planned_state: planned.planned_state,
            config,
            planned_private: planned.planned_private,
        };
        let (applied, told) = resource.apply(&Context::default(), request).await;
        (applied.new_state, told)
    }

    /// Registers at a place where all is well, and then asks for something at the other.
    async fn later(&self) -> Diagnostics {
        let arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1";
        let well = format!(
            r#"{{"taskDefinition":{{"taskDefinitionArn":"{arn}","status":"ACTIVE","containerDefinitions":[]}}}}"#
        );
        let (state, told) = self.register(Some(&Endpoint::start([ok(&well)]).await.url)).await;
        assert!(!told.has_errors(), "{told:?}");
        let provider = ddrofs::provider::ddrofs();
        let block = self.block(self.ecs.as_deref(), &provider);
        provider.configure(&Context::default(), block, "1.11.4").await;
        let resource = task_definition(&provider);
        let ctx = Context::default();
        if self.doing == Doing::Refreshing {
            return resource.read(&ctx, ReadRequest { state, private: Vec::new() }).await.1;
        }
        let request = ApplyRequest {
            prior_state: state,
            planned_state: Value::Null,
            config: Value::Null,
            planned_private: Vec::new(),
        };
        resource.apply(&ctx, request).await.1
    }

    fn masked(&self, text: &str) -> String {
        self.masked.iter().fold(text.to_owned(), |text, (written, mask)| match written.as_str() {
            "" => text,
            written => text.replace(written, mask),
        })
    }
}

pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) fn task_definition(provider: &impl Provider) -> &dyn Resource {
    let mut resources = provider.resources().iter().map(AsRef::as_ref);
    resources.find(|resource| resource.type_name() == "ddrofs_ecs_task_definition").unwrap()
}

/// A task definition whose environment no text may show.
pub(super) fn config(resource: &dyn Resource) -> Value {
    let containers = format!(
        r#"[{{"name":"app","image":"nginx:1.27.0","memory":128,"essential":true,"environment":[{{"name":"A","value":"{CANARY}"}}]}}]"#
    );
    let given = [
        ("family", Value::from("orders")),
        ("container_definitions", Value::from(containers)),
        ("execution_role_arn", Value::from("arn:aws:iam::123456789012:role/run")),
        ("task_role_arn", Value::from("run")),
    ];
    resource
        .schema()
        .block
        .complete(given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The words, without what is another each time: the causes that the operating system and the HTTP client give.
fn words(case: &Case, diagnostic: &Diagnostic) -> String {
    let mut text = String::new();
    writeln!(text, "{}", diagnostic.summary).unwrap();
    if diagnostic.path.0.is_empty() {
        writeln!(text, "at the whole resource").unwrap();
    } else {
        writeln!(text, "at {}", diagnostic.path).unwrap();
    }
    for line in case.masked(&diagnostic.detail).lines() {
        let original =
            line.strip_prefix("Original error: ").filter(|original| !original.contains("HTTP status"));
        match original.and_then(|original| original.split_once(": ")) {
            Some((operation, _)) => writeln!(text, "  Original error: {operation}: ...").unwrap(),
            None if line.is_empty() => writeln!(text).unwrap(),
            None => writeln!(text, "  {line}").unwrap(),
        }
    }
    text
}

fn denied(rest: &str) -> Answer {
    let user = "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: ";
    error(400, "AccessDeniedException", &format!("{user}{rest}")).with_header("x-amzn-requestid", ID)
}

fn sts_error(status: u16, code: &str, message: &str) -> Answer {
    ok(&format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>{ID}</RequestId></ErrorResponse>"
    ))
    .with_status(status)
}

/// A page of somebody in between, who repeats what was asked.
fn page(status: u16) -> Answer {
    let body = format!("<html><body>{status}: token {CANARY}, key {CANARY}</body></html>");
    ok(&body).with_status(status).with_header("content-type", "text/html")
}

/// What AWS says of a wrong signature: it repeats the headers that should have been signed.
fn wrong_signature() -> String {
    format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and \
         signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have \
         been\n'POST\n/\n\nhost:localhost\nx-amz-security-token:{CANARY}\n\nhost;x-amz-security-token\n0'\n\nThe \
         String-to-Sign should have been\n'AWS4-HMAC-SHA256'\n"
    )
}

const EXPIRED: &str = "The security token included in the request is expired";
const SKEWED: &str =
    "Signature expired: 20261128T104625Z is now earlier than 20261128T133904Z (20261128T134404Z - 5 min.)";

/// Answers to a registration.
fn answers() -> Vec<(&'static str, Answer)> {
    let aws = |status: u16, code: &str, message: &str| {
        error(status, code, message).with_header("x-amzn-requestid", ID)
    };
    let incomplete =
        format!("Authorization header requires 'Signature' parameter. Authorization=AWS4 {CANARY}");
    let pass = "iam:PassRole on resource: arn:aws:iam::123456789012:role/run because no identity-based policy allows it";
    let organization =
        "ecs:RegisterTaskDefinition on resource: * with an explicit deny in a service control policy";
    vec![
        ("expired token, provider block", aws(400, "ExpiredTokenException", EXPIRED)),
        (
            "unrecognized token",
            aws(400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        ),
        ("wrong signature", aws(400, "InvalidSignatureException", &wrong_signature())),
        ("wrong signature, as other services call it", aws(403, "SignatureDoesNotMatch", &wrong_signature())),
        ("signature expired", aws(400, "InvalidSignatureException", SKEWED)),
        ("request expired", aws(400, "RequestExpired", "Request has expired.")),
        (
            "clock skew",
            aws(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
            ),
        ),
        ("signature lost", aws(400, "IncompleteSignatureException", &incomplete)),
        (
            "access denied",
            denied("ecs:RegisterTaskDefinition on resource: * because no identity-based policy allows it"),
        ),
        ("passing a role denied", denied(pass)),
        ("denied by the organization", denied(organization)),
        ("denied without an action", aws(400, "AccessDeniedException", "Access denied.")),
        ("role not valid", aws(400, "ClientException", "Role is not valid")),
        ("rejected", aws(400, "ClientException", "Container.name contains invalid characters.")),
        ("quota", aws(400, "LimitExceededException", "The limit is exceeded.")),
        ("throttled", aws(400, "ThrottlingException", "Rate exceeded")),
        (
            "concurrent revision",
            aws(
                400,
                "ClientException",
                "Too many concurrent attempts to create a new revision of the specified family.",
            ),
        ),
        ("unknown code", aws(400, "NeverHeardOf", "Something new.")),
        ("400 without a code", ok("").with_status(400).with_header("x-amzn-requestid", ID)),
        ("413 with a request id", ok("").with_status(413).with_header("x-amzn-requestid", ID)),
        ("500", aws(500, "ServerException", "Service Unavailable. Please try again later.")),
        ("502 of a gateway", page(502)),
        ("200 with a page", page(200)),
        ("301", page(301).with_header("location", &format!("https://elsewhere/?token={CANARY}"))),
        ("307", page(307).with_header("location", "https://elsewhere/")),
        ("401", page(401)),
        ("403 with a page", page(403)),
        ("404 with a page", page(404)),
        ("407 without a tunnel", page(407)),
        ("413", page(413)),
        ("429", page(429)),
    ]
}

/// Answers of STS to what comes before a registration.
fn sts_answers() -> Vec<(&'static str, Setting, Answer)> {
    let denied = |action: &str| {
        let message = format!(
            "User: arn:aws:iam::123456789012:user/jane is not authorized to perform: {action} on resource: {ROLE}"
        );
        sts_error(403, "AccessDenied", &message)
    };
    vec![
        ("role denied", Setting::Role, denied("sts:AssumeRole")),
        ("session tags denied", Setting::Role, denied("sts:TagSession")),
        ("role, expired token", Setting::Role, sts_error(403, "ExpiredToken", EXPIRED)),
        (
            "role, unknown key",
            Setting::Role,
            sts_error(403, "InvalidClientTokenId", "The security token included in the request is invalid."),
        ),
        ("role, wrong signature", Setting::Role, sts_error(403, "SignatureDoesNotMatch", &wrong_signature())),
        ("role, clock skew", Setting::Role, sts_error(403, "SignatureDoesNotMatch", SKEWED)),
        ("role, rejected", Setting::Role, sts_error(400, "ValidationError", "1 validation error detected")),
        ("role, 500", Setting::Role, sts_error(500, "InternalFailure", "oops")),
        ("role, 403 with a page", Setting::Role, page(403)),
        ("role, 200 with a page", Setting::Role, page(200)),
        ("web identity denied", Setting::WebIdentity, denied("sts:AssumeRoleWithWebIdentity")),
        (
            "web identity expired",
            Setting::WebIdentity,
            sts_error(
                400,
                "ExpiredTokenException",
                "Token expired: current date/time 1 must be before the expiration 0",
            ),
        ),
        (
            "web identity not accepted",
            Setting::WebIdentity,
            sts_error(400, "InvalidIdentityToken", "Incorrect token audience"),
        ),
        ("account denied", Setting::Account, denied("sts:GetCallerIdentity")),
        ("account, 403 with a page", Setting::Account, page(403)),
        (
            "account not allowed",
            Setting::Account,
            ok("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>210987654321</Account>\
                </GetCallerIdentityResult></GetCallerIdentityResponse>"),
        ),
    ]
}

/// What makes the provider call STS.
#[derive(Clone, Copy)]
enum Setting {
    Role,
    WebIdentity,
    Account,
}

impl Setting {
    fn on(self, case: Case) -> Case {
        let role = ("role_arn", Value::from(ROLE));
        match self {
            Setting::Role => {
                let external = ("external_id", Value::from(CANARY));
                case.with("assume_role", Value::List(vec![object([role, external])]))
            }
            Setting::WebIdentity => {
                let token = ("web_identity_token", Value::from(CANARY));
                case.with("assume_role_with_web_identity", Value::List(vec![object([role, token])]))
            }
            Setting::Account => {
                case.with("allowed_account_ids", Value::List(vec![Value::from("123456789012")]))
            }
        }
    }
}

/// A proxy that answers each `CONNECT` in this way.
async fn start_proxy(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://jane:{CANARY}@{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0_u8; 4096];
            assert!(connection.read(&mut request).await.unwrap() > 0);
            connection.write_all(answer.as_bytes()).await.unwrap();
            connection.shutdown().await.ok();
        }
    });
    url
}

/// Failures without an answer of the service.
async fn unanswered() -> Vec<Case> {
    let lost = Endpoint::start_resetting().await.url;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let closed = format!("http://127.0.0.1:{nobody}");
    let tls = Tls::start().await.url();
    let asks = start_proxy("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await;
    let refuses = start_proxy("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    let of_region = |name, region: &str| {
        let mut case = Case::new(name, "").with("region", region);
        case.ecs = None;
        case
    };
    vec![
        Case::new("answer lost, registering", &lost),
        Case::new("answer lost, refreshing", &lost).while_(Doing::Refreshing),
        Case::new("answer lost, destroying", &lost).while_(Doing::Destroying),
        Case::new("nobody listens", &closed),
        Case::new("nobody listens, refreshing", &closed).while_(Doing::Refreshing),
        Setting::Role.on(Case::new("role, nobody listens", &closed)),
        Case::new("unknown host", "http://ecs.invalid"),
        of_region("unknown region", "nowhere"),
        Case::new("certificate", &tls),
        of_region("407 of a tunnel", "eu-west-1").with("https_proxy", asks.as_str()),
        of_region("403 of a tunnel", "eu-west-1").with("https_proxy", refuses.as_str()),
    ]
}

/// Failures of the settings.
async fn of_settings(folder: &Path) -> Vec<Case> {
    let endpoint = Endpoint::start([error(400, "ExpiredTokenException", EXPIRED)]).await.url;
    let sts = Endpoint::start([sts_error(403, "AccessDenied", "Access denied")]).await.url;
    std::fs::write(
        folder.join("config"),
        format!(
            "[profile dev]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = \
             123456789012\nsso_role_name = dev\n[profile empty]\nregion = eu-west-1\n[profile with-role]\nrole_arn = \
             {ROLE}\nsource_profile = keys\nendpoint_url = {sts}\n[profile of-dev]\nrole_arn = {ROLE}\nsource_profile = dev\n"
        ),
    )
    .unwrap();
    let keys = format!(
        "[keys]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = {CANARY}\naws_session_token = {CANARY}\n"
    );
    std::fs::write(folder.join("credentials"), keys).unwrap();
    let case = |name| Case::new(name, &endpoint);
    let nowhere = folder.join("nowhere");
    vec![
        case("expired token, profile").of_profile("keys", folder),
        case("expired token, environment").without(&["access_key", "secret_key", "token"]),
        case("missing profile").of_profile("prod", folder),
        case("missing profile, no region").of_profile("prod", folder).without(&["region"]),
        case("missing profile, missing files").of_profile("prod", &nowhere),
        case("profile to sign in with").of_profile("dev", folder),
        case("role of a profile to sign in with").of_profile("of-dev", folder),
        case("profile without credentials").of_profile("empty", folder),
        case("profile's role denied").of_profile("with-role", folder),
        case("no region").without(&["region"]),
        case("region that is none").with("region", "eu west"),
        case("bundle that is a folder")
            .with("custom_ca_bundle", folder.display().to_string())
            .mask(&folder.display().to_string(), "FOLDER"),
        case("proxy of SOCKS").with("https_proxy", format!("socks5://jane:{CANARY}@proxy:1080")),
        Case::new("endpoint without a scheme", "localhost:4566"),
        Case::new("STS endpoint without a scheme", &endpoint).with("sts", "sts.eu-west-1.amazonaws.com"),
        Case::new("endpoint with a password and without a scheme", &format!("jane:{CANARY}@localhost")),
    ]
}

/// Where the process that works in a bare environment puts the words.
const WORDS: &str = "DDROFS_TEST_WORDS";

#[expect(clippy::disallowed_methods, reason = "the test tells its two processes apart")]
#[test]
fn each_failure_has_words_of_its_own_and_none_holds_a_secret() {
    let home = tempfile::tempdir().unwrap();
    let words = home.path().join("words");
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT"),
        ("AWS_SECRET_ACCESS_KEY", CANARY),
        ("AWS_SESSION_TOKEN", CANARY),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        (WORDS, words.to_str().unwrap()),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let name = "told::each_failure_has_words_of_its_own_and_none_holds_a_secret";
    if in_a_bare_environment(name, &variables, home.path()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::fs::write(std::env::var(WORDS).unwrap(), runtime.block_on(all_words())).unwrap();
        return;
    }
    let said = std::fs::read_to_string(words).unwrap();
    expect_test::expect_file!["../../golden/aws_failures.txt"].assert_eq(&said);
}

async fn all_words() -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    for (name, answer) in answers() {
        cases.push(Case::new(name, &Endpoint::start([answer]).await.url));
    }
    for (name, setting, answer) in sts_answers() {
        cases.push(setting.on(Case::new(name, &Endpoint::start([answer]).await.url)));
    }
    for (name, doing, answer) in [
        ("500, refreshing", Doing::Refreshing, error(500, "ServerException", "oops")),
        ("500, destroying", Doing::Destroying, error(500, "ServerException", "oops")),
        ("403 with a page, refreshing", Doing::Refreshing, page(403)),
        (
            "access denied, destroying",
            Doing::Destroying,
            denied("ecs:DeregisterTaskDefinition on resource: *"),
        ),
    ] {
        cases.push(Case::new(name, &Endpoint::start([answer]).await.url).while_(doing));
    }
    cases.extend(unanswered().await);
    cases.extend(of_settings(folder.path()).await);

    let mut text = String::new();
    let mut names = BTreeSet::new();
    for case in &cases {
        let told: Vec<Diagnostic> = case.told().await.into_iter().collect();
        assert!(!told.is_empty(), "{} is no failure", case.name);
        assert!(!format!("{told:?}").contains(CANARY), "{}: {told:?}", case.name);
        let words = told.iter().map(|one| words(case, one)).collect::<Vec<_>>().join("\n");
        writeln!(text, "## {}\n\n{words}", case.name).unwrap();
        assert!(names.insert(case.name), "{} is used once", case.name);
    }
    text
}
