//! What a container runs instead of what its image would, as far as the Agent is concerned: entry point and command
//! together, in exec form or as a line for a shell.
//!
//! The Agent's image has a command, `/bin/entrypoint.sh`, and no entry point; that script runs s6's `/init`, which starts
//! the Agent. Who writes files before the start runs a shell that ends with one of the two (datadog-agent Dockerfile and
//! published task definitions, read 2026-11).

use super::seed::Seed;
use super::writable_path::CONFIG;

/// What the words of a container start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Startup {
    /// What the image starts by itself: there are no words.
    OfTheImage,
    /// The Agent by its path in the image, which no other program has, or by a start script after its directory was
    /// written to.
    AgentForCertain,
    /// The Agent, if the image is the Agent's: by a name that other images have as well, such as s6's `/init`.
    AgentByName,
    /// One of the Agent's other programs, such as the trace Agent alone, or a copy of its files.
    PartOfTheAgent,
    /// Anything else.
    Other,
}

/// The Agent's program in its image.
const BINARY: &str = "/opt/datadog-agent/bin/agent/agent";

/// Programs that belong to the Agent and are not it.
const PARTS: [&str; 7] = [
    "trace-agent",
    "process-agent",
    "security-agent",
    "system-probe",
    "dogstatsd",
    "datadog-cluster-agent",
    "cws-instrumentation",
];

/// Programs that copy a directory.
const COPIES: [&str; 4] = ["cp", "rsync", "tar", "cpio"];

/// Words of a script that may go on for as long as the task: those of loops, and programs that wait.
const MAY_STAY: [&str; 8] = ["while", "until", "exec", "tail", "watch", "inotifywait", "crond", "infinity"];

/// Shells, by their names.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// Words before a command that change nothing of what runs.
const BEFORE_A_COMMAND: [&str; 13] =
    ["exec", "then", "else", "do", "env", "nohup", "sudo", "command", "{", "!", "tini", "dumb-init", "--"];

/// What these words start.
pub fn startup(words: &[&str]) -> Startup {
    if words.is_empty() {
        return Startup::OfTheImage;
    }
    // The pattern's own line has paths of the user in it, which are no programs.
    if Seed::read(words).is_some() {
        return Startup::PartOfTheAgent;
    }
    let mut found = Startup::Other;
    for start in commands(words) {
        match start {
            Startup::AgentForCertain => return start,
            Startup::AgentByName => found = start,
            Startup::PartOfTheAgent if found == Startup::Other => found = start,
            _ => {}
        }
    }
    let text = || words.join(" ");
    match found {
        // Only the Agent's own start scripts read what was put there.
        Startup::AgentByName if text().contains(CONFIG) => Startup::AgentForCertain,
        Startup::Other if copies_the_configuration(&text()) => Startup::PartOfTheAgent,
        found => found,
    }
}

/// Whether these words run the start scripts of the Agent's image on the way to the Agent: through `/init`, or through
/// `entrypoint.sh`, which is what the image runs by itself.
pub fn runs_the_start_scripts(words: &[&str]) -> bool {
    let of_names = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/');
    let mut names = words.iter().flat_map(|word| word.split(move |letter| !of_names(letter)));
    words.is_empty() || names.any(|name| name == "/init" || last_part(name).ends_with("entrypoint.sh"))
}

/// Whether these words start the trace Agent alone, or what starts it when the first trace comes.
pub fn starts_the_trace_agent(words: &[&str]) -> bool {
    let is_it = |word: &&str| ["trace-agent", "trace-loader"].contains(&last_part(word));
    words.iter().flat_map(|word| word.split_whitespace()).any(|word| is_it(&word))
}

/// Whether these words run the scripts with which the Agent's image prepares its configuration, as an init container of Datadog's chart
/// and operator does.
pub fn prepares_the_configuration(words: &[&str]) -> bool {
    words.iter().any(|word| word.contains("/etc/cont-init.d"))
}

/// Whether a command names the directory of the Agent's configuration, copies and ends.
pub fn copies_the_configuration(command: &str) -> bool {
    if !command.contains(CONFIG) {
        return false;
    }
    let of_words = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/');
    let mut copies = false;
    for word in command.split(|letter| !of_words(letter)) {
        let program = last_part(word);
        if MAY_STAY.contains(&program) {
            return false;
        }
        copies |= COPIES.contains(&program);
    }
    copies
}

/// What each command starts: what was written in exec form, and each command of a line for a shell.
fn commands(words: &[&str]) -> Vec<Startup> {
    let Some(shell) = words.iter().position(|word| SHELLS.contains(&last_part(word))) else {
        return vec![of_words(words)];
    };
    let rest = &words[shell + 1..];
    let Some(flag) = rest.iter().position(|word| word.starts_with('-') && word.ends_with('c')) else {
        return vec![of_words(words)];
    };
    let line = rest.get(flag + 1).copied().unwrap_or_default();
    let of_line = line.split(['\n', ';', '&', '|', '(', ')']).map(|command| {
        let mut words = words_of(command);
        of_program(words.next().unwrap_or_default(), words.next())
    });
    // What follows the line are its arguments: exec "$@" runs them.
    of_line.chain([of_words(rest.get(flag + 2..).unwrap_or_default())]).collect()
}

/// The words of one command of a line, from its program on.
fn words_of(command: &str) -> impl Iterator<Item = &str> {
    let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    let is_before = |word: &&str| BEFORE_A_COMMAND.contains(word) || is_assignment(word) || *word == "\\";
    words.skip_while(is_before)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// What words in exec form start: programs such as `tini` run what follows them.
fn of_words(words: &[&str]) -> Startup {
    let starts = words.iter().enumerate().map(|(position, word)| {
        match of_program(word, words.get(position + 1).copied()) {
            Startup::PartOfTheAgent if position > 0 => Startup::Other,
            start => start,
        }
    });
    starts.into_iter().find(|start| *start != Startup::Other).unwrap_or(Startup::Other)
}

/// What a program starts with the word that follows it. `agent` is one of many programs of that name, and runs as the
/// Agent only where it is told to.
fn of_program(program: &str, next: Option<&str>) -> Startup {
    let runs = next.is_none_or(|next| matches!(next, "run" | "start") || next.starts_with('-'));
    match program {
        BINARY if runs => Startup::AgentForCertain,
        "agent" if runs => Startup::AgentByName,
        "/init" => Startup::AgentByName,
        script if last_part(script).ends_with("entrypoint.sh") => Startup::AgentByName,
        program if PARTS.contains(&last_part(program)) => Startup::PartOfTheAgent,
        _ => Startup::Other,
    }
}

/// What is behind the last slash. Words are short: looking at their bytes is quicker than a search.
fn last_part(word: &str) -> &str {
    word.bytes().rposition(|byte| byte == b'/').map_or(word, |slash| &word[slash + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(words: &[&str]) -> Startup {
        startup(words)
    }

    #[test]
    fn every_form_in_which_the_agent_is_started_is_told() {
        for words in [
            &["/bin/entrypoint.sh"][..],
            &["/entrypoint.sh"],
            &["agent", "run"],
            &["agent", "start"],
            &["agent"],
            &["agent", "run", "-c", "/conf"],
            &["/init"],
            &["tini", "--", "/init"],
            &["sh", "-c", "/init"],
            &["bash", "-c", "exec /init"],
            &["/bin/bash", "-ec", "echo hello\nexec /init"],
            &["sh", "-c", "mkdir -p /x && exec /init"],
            &["sh", "-lc", "cat /run/secrets/x; /init"],
            &["sh", "-c", "DD_TAGS=a:b exec env X=1 /bin/entrypoint.sh"],
            &["sh", "-c", "if true; then exec \"/init\"; fi"],
            &["sh", "-c", "(sleep 1; curl x) & /init"],
            &["sh", "-c", "exec \"$@\"", "--", "/init"],
            &["sh", "-c", "sleep 5 && agent run"],
        ] {
            assert_eq!(started(words), Startup::AgentByName, "{words:?}");
        }
        for words in [
            &["/opt/datadog-agent/bin/agent/agent", "run"][..],
            &["/opt/datadog-agent/bin/agent/agent"],
            &["/opt/datadog-agent/bin/agent/agent", "-c", "/etc/x", "run"],
            &["sh", "-c", "exec /opt/datadog-agent/bin/agent/agent run"],
            &["bash", "-c", "echo 'x' > /etc/datadog-agent/conf.d/envoy.d/conf.yaml && /init"],
            &["sh", "-c", "cp -r /conf/. /etc/datadog-agent/conf.d/; exec agent run"],
        ] {
            assert_eq!(started(words), Startup::AgentForCertain, "{words:?}");
        }
        assert_eq!(started(&[]), Startup::OfTheImage);
    }

    #[test]
    fn the_start_scripts_run_on_the_way_through_init() {
        for words in [&[][..], &["/init"], &["sh", "-c", "x; exec '/init'"], &["/bin/entrypoint.sh"]] {
            assert!(runs_the_start_scripts(words), "{words:?}");
        }
        for words in [
            &["agent", "run"][..],
            &["/opt/datadog-agent/bin/agent/agent", "run"],
            &["sh", "-c", "/app/init"],
        ] {
            assert!(!runs_the_start_scripts(words), "{words:?}");
        }
    }

    #[test]
    fn what_else_is_started_is_not_the_agent() {
        for words in [
            &["sh", "-c", "cp -r /etc/datadog-agent/. /config"][..],
            &["cp", "-r", "/etc/datadog-agent", "/config"],
            &["trace-agent"],
            &["/opt/datadog-agent/embedded/bin/trace-agent", "--config=/etc/datadog-agent/datadog.yaml"],
            &["sh", "-c", "exec process-agent"],
        ] {
            assert_eq!(started(words), Startup::PartOfTheAgent, "{words:?}");
        }
        for words in [
            &["node", "server.js"][..],
            &["agent", "health"],
            &["agent", "version"],
            &["/opt/datadog-agent/bin/agent/agent", "status"],
            &["sh", "-c", "agent check disk"],
            &["sh", "-c", "echo /init"],
            &["sh", "-c", "/app/init"],
            &["/app/init"],
            &["/init.sh"],
            &["sh", "-c", "cat /init && ./serve"],
            &["nomad-agent", "run"],
            &["sh"],
            &["sh", "-c"],
        ] {
            let other = started(words);
            assert_eq!(other, Startup::Other, "{words:?}");
        }
    }

    #[test]
    fn a_command_that_copies_the_directory_and_ends_is_told_from_others() {
        for command in [
            "sh -c cp -RPpf /etc/datadog-agent/. /config/",
            "/bin/cp -r /etc/datadog-agent /config",
            "sh -c 'tar -C /etc/datadog-agent -c . | tar -C /config -x; sleep 2'",
        ] {
            assert!(copies_the_configuration(command), "{command}");
        }
        for command in [
            "",
            "trace-agent --config /etc/datadog-agent/datadog.yaml",
            "sh -c cp -r /seed/. /config",
            "sh -c cp -r /etc/datadog-agent/. /config && sleep infinity",
            "sh -c while true; do cp -r /etc/datadog-agent/. /config; sleep 5; done",
            "sh -c cp -r /etc/datadog-agent/. /config && exec crond -f",
        ] {
            assert!(!copies_the_configuration(command), "{command}");
        }
    }
}
