//! Forms of placeholders, and the texts in which the same signs mean something else.

use super::forms::*;

fn found<'t>(kind: Text, key: &str, text: &'t str) -> Option<&'t str> {
    let written = Written { kind, key, is_looked_up: &|name| name == "DB_HOST" };
    let found = first(text, &written).map(|(_, piece)| piece);
    assert!(found.is_none() || may_have_one(text), "{text} is passed over");
    found
}

/// The text with its pieces in the place where every form counts.
#[test]
fn every_form_is_found_where_nothing_else_is_meant() {
    for (text, piece) in [
        ("${stage}", "${stage}"),
        ("shop-${var.stage}-x", "${var.stage}"),
        ("${AWS::Region}", "${AWS::Region}"),
        ("$ECR_REGISTRY/app:$TAG", "$ECR_REGISTRY"),
        ("app:$tag", "$tag"),
        ("$$$TAG$$$", "$$$TAG$$$"),
        ("{{image}}", "{{image}}"),
        ("{{ .Env }}", "{{ .Env }}"),
        ("{{ must_env `TAG` }}", "{{ must_env `TAG` }}"),
        ("${{ env.TAG }}", "{{ env.TAG }}"),
        ("#{Octopus.Action.Package.Image}", "#{Octopus.Action.Package.Image}"),
        ("#{TAG}#", "#{TAG}"),
        ("%REPOSITORY_URI%", "%REPOSITORY_URI%"),
        ("%repository%", "%repository%"),
        ("app:%TAG%", "%TAG%"),
        ("__IMAGE__", "__IMAGE__"),
        ("example.com/__ImageName__:1", "__ImageName__"),
        ("<IMAGE>", "<IMAGE>"),
        ("arn:aws:iam::<account id>:role/x", "<account id>"),
        ("a < b and <HOST>", "<HOST>"),
        ("REPLACE_ME_ECS_ROLE_ARN", "REPLACE_ME_ECS_ROLE_ARN"),
        ("arn:aws:iam::YOUR_ACCOUNT_ID:role/x", "YOUR_ACCOUNT_ID"),
        ("ACCOUNT_ID.dkr.ecr.REGION.amazonaws.com/x", "ACCOUNT_ID"),
    ] {
        assert_eq!(found(Text::Strict, "", text), Some(piece), "{text}");
    }
}

#[test]
fn what_is_no_form_is_none_anywhere() {
    for text in [
        "",
        "shop",
        "a b",
        "$",
        "$1",
        "$$",
        "${",
        "${}",
        "${1}",
        "$(VAR)",
        "$(ACCOUNT_ID)",
        "{}",
        "{a}",
        "{{}}",
        "{{\"a\": 1}}",
        "#",
        "#{",
        "# a",
        "#{}",
        "%",
        "100%",
        "%d%b%",
        "%Y%m%d%H",
        "%20a%20b",
        "%C3%A9",
        "%%host%%",
        "%%env_DD_HOST%%:%%port%%",
        "%d{ISO8601} %-5level [%thread] %logger{36} - %msg%n",
        "%X{traceId} %m%n",
        "%PATH%;C:\\app",
        "__main__",
        "__token__",
        "__init__.py",
        "__address__",
        "__DIR__",
        "Logging__LogLevel__Default",
        "__",
        "____",
        "<",
        "<>",
        "<unfinished",
        "1 < 2 > 0",
        "</body>",
        "cat <<EOF",
        "<configuration/>",
        "<configuration><root level=\"INFO\"/></configuration>",
        "<a>b</a>",
        "(?<year>[0-9]+)",
        "(?P<name>x)",
        "List<String>",
        "me <a@example.com>",
        "TODO",
        "xxx",
        "FIXME",
        "日本語%$",
    ] {
        assert_eq!(found(Text::Strict, "", text), None, "{text}");
    }
}

#[test]
fn a_value_of_a_variable_may_be_looked_up_by_the_program() {
    for text in [
        "$HOME/bin",
        "pa$$WORD",
        "${DB_HOST}",
        "jdbc:postgresql://${DB_HOST}:5432/shop",
        "${PORT:-8080}",
        "${spring.port:8080}",
        "${env:TOKEN}",
        "${AWS_REGION}",
        "-Djava.io.tmpdir=${user.home}/tmp",
        "#{systemProperties['a']}",
        "{{ $labels.x }}",
    ] {
        assert_eq!(found(Text::Variable, "A", text), None, "{text}");
    }
    for text in [
        "${var.x}",
        "${environment}",
        "${AWS::Region}",
        "#{Host}",
        "{{region}}",
        "%SECRET%",
        "__T1__",
        "$$$HOST$$$",
        "<ES-URL>",
        "REPLACE_ME",
        "INSERT YOUR BUCKET NAME",
    ] {
        assert!(found(Text::Variable, "A", text).is_some(), "{text}");
    }
}

#[test]
fn in_other_texts_the_same_signs_have_a_meaning_of_their_own() {
    for (kind, key, text, count) in [
        (Text::Program, "", "echo ${HOME} $PATH %d{x} __X__ #{a}", 0),
        (Text::Program, "", "${COMMAND}", 0),
        (Text::Program, "", "$COMMAND", 0),
        (Text::Program, "", "echo '<html>' YOUR_NAME", 0),
        (Text::Program, "", "{{command}}", 1),
        (Text::Program, "", "<COMMAND>", 1),
        (Text::Router, "", "${ECS_CLUSTER}/application", 0),
        (Text::Router, "", "/$TAG/%Y/%m/%d/$UUID.gz", 0),
        (Text::Router, "", "#{ENV['X']}", 0),
        (Text::Router, "", "<aws_region>", 1),
        (Text::Router, "", "{{region}}", 1),
        (Text::Pattern, "", "^\\d{4} ${x} <level> {{m}} %LEVEL% __A1__", 0),
        (Text::Pattern, "", "YOUR_PATTERN", 1),
        (Text::Plain, "tag", "{{.ImageName}}/{{.Name}}/{{.ID}}", 0),
        (Text::Plain, "tag", "{{.Name}}-{{ .Env }}", 1),
        (Text::Plain, "awslogs-group", "/ecs/{{ .Env }}", 1),
        (Text::Plain, "awslogs-group", "/ecs/$ENV", 1),
        (Text::Plain, "awslogs-group", "/ecs/$env", 0),
        (Text::Label, "", "Host(`a`) && <x>", 0),
        (Text::Label, "", "v${version}", 1),
        (Text::Label, "", "admin:$apr1$x$y", 0),
        (Text::Label, "", "{{version}}", 1),
        (Text::Plain, "", "user:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/", 0),
        (Text::Name, "", "YOUR_KEY", 0),
        (Text::Name, "", "__X1__", 0),
        (Text::Name, "", "${name}", 1),
        (Text::File, "", "a: ${x}\nb: {{c}}\nd: <name>", 0),
        (Text::File, "", "a: 1\nkey: <YOUR_API_KEY>", 1),
    ] {
        assert_eq!(usize::from(found(kind, key, text).is_some()), count, "{kind:?} {text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic_and_nothing_is_passed_over(text in "[${}#%_<>(A-Ca /:é]{0,30}") {
        for kind in [Text::Strict, Text::Variable, Text::Plain] {
            let written = Written { kind, key: "", is_looked_up: &|_| false };
            if let Some((_, piece)) = first(&text, &written) {
                proptest::prop_assert!(text.contains(piece) && !piece.is_empty() && may_have_one(&text));
            }
        }
    }
}
