//! Whether a container's command fills an Agent's configuration volume with what the image has in its directory.

use super::copying::Copying;
use super::script::{Script, ScriptFlaw};
use super::{Container, Mounts, Source, TaskDefinition, Variable};
use crate::document::Node;
use crate::rofs::image_reference::{AgentRepository, Image};
use crate::rofs::known_images::is_base_image;
use crate::rofs::writable_path::CONFIG;

/// What a container does for a configuration volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filling {
    /// It copies the directory to where it mounts the volume.
    Fills,
    /// Nobody can tell: a script of one's own, a variable in a path, an image that may hold anything.
    Unclear,
    /// It does not fill it.
    Misses {
        /// What is wrong.
        miss: Miss,
        /// Whether the container ends with an error for that, or not at all.
        fails: bool,
    },
}

/// Why a container does not fill a configuration volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Miss {
    /// Its words cannot do what they say.
    Flaw(ScriptFlaw),
    /// There are no words, so it runs the Agent, as the image does.
    StartsTheAgent,
    /// It goes on for as long as the task.
    NeverEnds,
    /// It copies no directories, of which the configuration consists.
    NotRecursive,
    /// It copies another directory than that of the configuration.
    OtherSource(String),
    /// Its image has no such directory.
    NoConfiguration,
    /// The copy gets to a place where the volume is not mounted.
    Elsewhere(String),
    /// The copy gets to a directory inside the volume, and not to its root.
    Nested(String),
    /// Nothing is copied.
    Nothing,
}

impl<'a> TaskDefinition<'a> {
    /// What a container does for a configuration volume. `None` if not yet known.
    pub(crate) fn filling(&self, container: &Container<'a>, volume: &str) -> Option<Filling> {
        let script = self.script(container)?;
        let mounts = self.mounts(container);
        if let Some(flaw) = script.flaw {
            return Some(Filling::Misses { miss: Miss::Flaw(flaw), fails: script.fails_as_a_whole });
        }
        if script.never_ends {
            return Some(Filling::Misses { miss: Miss::NeverEnds, fails: true });
        }
        let targets: Vec<&str> = targets(mounts, volume).collect();
        let landing = |copy: &Copying| copy.lands_at(|path| is_directory(mounts, path));
        let is_right = |copy: &&Copying| {
            copy.from == CONFIG && copy.is_recursive && targets.contains(&landing(copy).as_str())
        };
        if script.copies.iter().any(|copy| is_right(&copy)) {
            let is_base = self.image_of(container)? == ImageOf::Base && mounts.seen_at(CONFIG)?.is_none();
            let missing = Filling::Misses { miss: Miss::NoConfiguration, fails: script.fails_as_a_whole };
            return Some(if is_base { missing } else { Filling::Fills });
        }
        if !script.is_all {
            return Some(Filling::Unclear);
        }
        // A copy of a part, or of what is mounted, may be all that somebody wants.
        for copy in &script.copies {
            let is_part = copy.from.strip_prefix(CONFIG).is_some_and(|rest| rest.starts_with('/'));
            if is_part || mounts.seen_at(&copy.from)?.is_some() {
                return Some(Filling::Unclear);
            }
        }
        if mounts.seen_at(CONFIG)?.is_some() {
            return Some(Filling::Unclear);
        }
        let of_config = script.copies.iter().find(|copy| copy.from == CONFIG);
        let (miss, fails) = match (of_config, script.copies.first()) {
            (Some(copy), _) if !copy.is_recursive => (Miss::NotRecursive, true),
            (Some(copy), _) => {
                let lands_at = landing(copy);
                let is_nested = targets.iter().any(|target| is_below(&lands_at, target));
                (if is_nested { Miss::Nested(lands_at) } else { Miss::Elsewhere(lands_at) }, false)
            }
            (None, Some(other)) => {
                let is_near_miss =
                    ["/etc/datadog", "/etc/dd"].iter().any(|start| other.from.starts_with(start));
                (Miss::OtherSource(other.from.clone()), is_near_miss)
            }
            (None, None) if container.words()?.is_empty() => (Miss::StartsTheAgent, true),
            (None, None) => (Miss::Nothing, false),
        };
        Some(Filling::Misses { miss, fails: fails && script.fails_as_a_whole })
    }

    /// Whether a container that fills a configuration volume writes over what is there already. `None` if not yet known.
    pub(crate) fn overwrites(&self, container: &Container<'a>, volume: &str) -> Option<bool> {
        let script = self.script(container)?;
        let mounts = self.mounts(container);
        let targets: Vec<&str> = targets(mounts, volume).collect();
        let fills = |copy: &&Copying| {
            let lands_at = copy.lands_at(|path| is_directory(mounts, path));
            copy.from == CONFIG && copy.is_recursive && targets.contains(&lands_at.as_str())
        };
        Some(script.copies.iter().filter(fills).any(|copy| !copy.keeps_existing))
    }

    /// Whether a container copies at most the image's configuration, so that nothing gets to a volume that lies over it.
    /// `None` if not yet known.
    pub(crate) fn copies_nothing_else_than_the_configuration(
        &self,
        container: &Container<'a>,
    ) -> Option<bool> {
        let script = self.script(container)?;
        Some(script.is_all && script.copies.iter().all(|copy| copy.from == CONFIG))
    }

    /// Whether a container copies the image's configuration to a volume and writes nowhere else. `None` if not yet known.
    pub(crate) fn copies_to_volumes_alone(&self, container: &Container<'a>) -> Option<bool> {
        let script = self.script(container)?;
        let words = container.words()?.join(" ");
        let mounts = self.mounts(container);
        let mut places = Vec::new();
        for copy in &script.copies {
            places.push(mounts.writable(&copy.lands_at(|path| is_directory(mounts, path)))?);
        }
        for (_, path) in &script.handed_over {
            places.push(mounts.writable(path)?);
        }
        let makes_directories = words.contains("mkdir") || words.contains("rmdir");
        let copies = script.copies.iter().any(|copy| copy.from == CONFIG);
        let is_all = script.is_all && script.flaw.is_none() && !makes_directories;
        Some(is_all && copies && places.iter().all(|is_volume| *is_volume))
    }

    /// Whether a container may give a volume to that user, or to any other than root where none is named. `None` if not yet
    /// known.
    pub(crate) fn may_hand_over(
        &self,
        container: &Container<'a>,
        volume: &str,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let script = self.script(container)?;
        let mounts = self.mounts(container);
        let paths: Vec<&str> = writable(mounts, volume).collect();
        let covers = |path: &str| paths.iter().any(|own| *own == path || is_below(own, path));
        let is_handed = script
            .handed_over
            .iter()
            .any(|(owner, path)| covers(path) && owner.as_deref().is_none_or(&is_meant));
        let is_copied_with_owners = script.copies.iter().any(|copy| {
            copy.keeps_owners && copy.is_content && covers(&copy.lands_at(|path| is_directory(mounts, path)))
        });
        let may_do_more = !script.is_all && script.flaw.is_none();
        if is_handed || is_copied_with_owners || may_do_more {
            return Some(true);
        }
        mounts.complete.then_some(false)
    }

    /// What entry point and command do. `None` if not yet known.
    pub(crate) fn script(&self, container: &Container<'a>) -> Option<&Script> {
        let position = self.position(container.index).expect("containers are those of this task");
        self.scripts[position].get_or_init(|| self.read_script(container)).as_ref()
    }

    fn read_script(&self, container: &Container<'a>) -> Option<Script> {
        let words = container.words()?;
        let directory = match container.get("workingDirectory") {
            Node::Unknown => return None,
            directory => directory.as_str().filter(|directory| directory.starts_with('/')),
        };
        let script = Script::read(&words, directory);
        if !container.get("entryPoint").items().is_empty() {
            return Some(script);
        }
        Some(match self.image_of(container)? {
            ImageOf::Agent if words.is_empty() => match container.variable("ENTRYPOINT") {
                Variable::Unknown => return None,
                // Another script of the image runs.
                Variable::Known(script) if !script.is_empty() => Script::default(),
                Variable::Known(_) | Variable::Absent => {
                    Script { is_all: true, fails_as_a_whole: true, ..Script::default() }
                }
            },
            ImageOf::Agent => script,
            ImageOf::Base if !words.is_empty() => script,
            // The image's own entry point may do anything with the words.
            ImageOf::Base | ImageOf::Somebody => {
                Script { is_all: false, flaw: None, never_ends: false, ..script }
            }
        })
    }

    fn image_of(&self, container: &Container<'_>) -> Option<ImageOf> {
        let text = match container.get("image") {
            Node::Unknown => return None,
            image => image.as_str().unwrap_or_default(),
        };
        Some(match Image::parse(text) {
            _ if self.repository(text) == AgentRepository::Datadog => ImageOf::Agent,
            Some(image) if is_base_image(&image) => ImageOf::Base,
            _ => ImageOf::Somebody,
        })
    }
}

/// What is known of an image: none of the first two has an entry point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ImageOf {
    /// Datadog's Agent.
    Agent,
    /// A distribution or a language, with nothing of the Agent's.
    Base,
    /// Somebody's, which may hold anything.
    Somebody,
}

/// Where a container may write to a volume.
fn writable<'m>(mounts: &'m Mounts<'_>, volume: &str) -> impl Iterator<Item = &'m str> {
    mounts
        .known
        .iter()
        .filter(move |mount| mount.source == Source::Volume(volume) && mount.read_only == Some(false))
        .map(|mount| &*mount.path)
}

/// Where a container may write to a volume and sees the image's configuration beside it.
pub(crate) fn targets<'m>(mounts: &'m Mounts<'_>, volume: &str) -> impl Iterator<Item = &'m str> {
    writable(mounts, volume).filter(|path| *path != CONFIG)
}

/// Whether a path is a directory for certain: something is mounted there or below.
fn is_directory(mounts: &Mounts<'_>, path: &str) -> bool {
    mounts.known.iter().any(|mount| mount.path == path || is_below(&mount.path, path))
}

fn is_below(path: &str, above: &str) -> bool {
    above == "/" || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}
