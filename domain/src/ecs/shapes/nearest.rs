//! Did you mean: the known name nearest to one that is not known.

/// The candidate nearest to `name`, if any is near enough to be worth naming. The first wins where several are as near.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // A key of ECS has at most 39 letters; comparing against a megabyte would take its square in time.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let wanted = fold(name);
    candidates
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let distance = strsim::damerau_levenshtein(&wanted, &folded);
            (distance <= tolerance(folded.len().min(wanted.len()))).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The name without what spellings differ in: case and word separators.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// How many slips of the pen are believed in a name of that length.
fn tolerance(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=7 => 1, // `comment` is not `command`
        8..=14 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use crate::ecs::shapes::{container_definition, task_definition};

    #[test]
    fn the_usual_slips_are_understood() {
        for (written, meant) in [
            ("readOnlyRootFilesystem", "readonlyRootFilesystem"),
            ("readonly_root_filesystem", "readonlyRootFilesystem"),
            ("ReadonlyRootFilesystem", "readonlyRootFilesystem"),
            ("readonlyRootFileSystm", "readonlyRootFilesystem"),
            ("enviroment", "environment"),
            ("environments", "environment"),
            ("mountPonits", "mountPoints"),
            ("mount-points", "mountPoints"),
            ("dependOn", "dependsOn"),
            ("entrypoint", "entryPoint"),
            ("cup", "cpu"),
            ("secret", "secrets"),
        ] {
            assert_eq!(container_definition().nearest(written), Some(meant), "{written}");
        }
        assert_eq!(task_definition().nearest("ContainerDefinitions"), Some("containerDefinitions"));
        assert_eq!(task_definition().nearest("volume"), Some("volumes"));
        let volume = task_definition().member("volumes").and_then(|m| m.kind.structure()).expect("volumes");
        assert_eq!(volume.nearest("EFSVolumeConfiguration"), Some("efsVolumeConfiguration"));
        assert_eq!(volume.nearest("configure_at_launch"), Some("configuredAtLaunch"));
    }

    #[test]
    fn what_is_far_from_everything_gets_no_suggestion() {
        for written in ["foo", "x", "", "comment", "annotations", "é"] {
            assert_eq!(container_definition().nearest(written), None, "{written}");
        }
        assert_eq!(container_definition().nearest(&"environment".repeat(100_000)), None);
    }

    #[test]
    fn values_are_suggested_too() {
        let mode = task_definition().member("networkMode").expect("a member");
        assert_eq!(mode.nearest_value("AWSVPC"), Some("awsvpc"));
        assert_eq!(mode.nearest_value("awsvcp"), Some("awsvpc"));
        assert_eq!(mode.nearest_value("overlay"), None);
    }
}
