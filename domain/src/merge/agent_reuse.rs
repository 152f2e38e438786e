//! An Agent that is among the user's containers, brought up to the pattern. What it says itself stays.

use super::agent::{add_sidecar, need_volumes};
use super::agent_settings::{self, AlreadyThere, adapted, says_nothing};
use super::draft::{Draft, Kind};
use super::launch::Launch;
use super::seen::{Mounted, Seen, seen_at};
use super::{ChangeKind, CollisionKind, ReadOnlyRoot};
use crate::document::Node;
use crate::ecs::shapes;
use crate::render::ecs;
use crate::rofs::agent_version::{RunsAs, runs_as};
use crate::rofs::assemble;
use crate::rofs::seed::{self, Seed};
use crate::rofs::settings::{Seeding as FilledBy, Settings};
use crate::rofs::variables::DD_DISABLE_FILE_LOGGING;
use crate::rofs::workload::{Container, Mount, Role, Workload};
use crate::rofs::writable_path::{CONFIG, LOGS, SOCKETS, TMP, all_writable_paths};
use crate::task::{self, Configuration, Content, is_empty_directory};

/// Gives an Agent of the user's what a read-only root filesystem needs and, with settings, what they say and it does not.
pub(super) fn bring_up(draft: &mut Draft<'_>, index: usize, settings: Option<&Settings>) -> Option<Workload> {
    if draft.items[index].frozen || (settings.is_none() && !becomes_read_only(draft, index)) {
        return settings.map(assemble);
    }
    let definition = draft.items[index].definition.clone();
    let base = settings.cloned().unwrap_or_else(|| with_free_names(draft));
    let launch = Launch::of(&draft.around, &base);
    let mut base = adapted(&definition, base).on(launch.launch_type);
    if settings.is_some() {
        launch.warn(draft);
    }
    let mut workload = assemble(&base);
    let wanted = agent_of(&mut workload).mounts.clone();
    let Some(missing) = settle_volumes(draft, index, &mut workload, &base) else {
        draft.undecided = true;
        return settings.map(|_| workload);
    };
    let Some(seeding) = seeding(draft, index) else {
        draft.undecided = true;
        return settings.map(|_| workload);
    };
    if seeding != Seeding::Ours {
        leave_out_the_init_container(&mut workload);
        keep_the_own_init_container(draft, index, seeding);
    }
    let is_users = says_nothing("user", definition.get("user"));
    if is_users && !is_handed_over(draft, &workload, &wanted, &base) {
        run_as_the_image_does(&mut workload, &base);
        base.user = None;
        draft.log.change(&draft.items[index].place(), "user", ChangeKind::KeptUser);
    }
    if let Some(init) = workload.containers.iter().find(|container| container.role == Role::Init) {
        let rendered = with_log_configuration_of(&definition, ecs::container_definition(init));
        add_sidecar(draft, init, rendered);
    }
    match need_volumes(draft, &workload) {
        Some(added) => draft.items[index].mark.volumes.extend(added),
        None => draft.items[index].undecided = true,
    }
    let there = AlreadyThere {
        tmp: sees(draft, index, TMP),
        logs: sees(draft, index, LOGS) && !missing.iter().any(|mount| mount.path == LOGS),
        configuration: seeding != Seeding::Ours,
        other_seeding: seeding == Seeding::Done(None),
        launch_type: settings
            .is_some_and(|settings| settings.platform.launch_type() != Some(launch.launch_type)),
    };
    join(draft, index, &workload, &missing, settings);
    if let (Some(settings), Some(mut joiner)) = (settings, draft.items[index].joiner(&mut draft.log)) {
        agent_settings::apply(&mut joiner, settings, agent_of(&mut workload), there, &draft.around);
        draft.agent = Some(base);
    }
    settings.map(|_| workload)
}

/// Whether a container sees something else than its root filesystem at a path.
fn sees(draft: &Draft<'_>, index: usize, path: &str) -> bool {
    let task = draft.read();
    task.at(index).is_some_and(|agent| seen_at(agent, task.mounts(agent), path) != Seen::Nothing)
}

/// Whether the user of the settings owns what the Agent writes to: root does, and `dd-agent` where the init container hands
/// every directory over, or where each is an empty volume that gets its owner from the image.
fn is_handed_over(draft: &Draft<'_>, workload: &Workload, wanted: &[Mount], settings: &Settings) -> bool {
    match runs_as(settings.user.as_ref()) {
        RunsAs::Root | RunsAs::Unknown => return true,
        RunsAs::Other => return false,
        RunsAs::DatadogAgent => {}
    }
    let task = draft.read();
    let of_role = |role| workload.containers.iter().find(move |container| container.role == role);
    let is_handed = |volume: &str| match settings.seeding {
        // A volume of the pattern is not declared yet.
        FilledBy::ImageVolumes => task.content(volume) != Some(Content::OfItsOwn),
        FilledBy::InitCopy => {
            of_role(Role::Init).is_some_and(|init| init.mounts.iter().any(|handed| handed.volume == volume))
        }
    };
    let Some(agent) = of_role(Role::Agent) else { return false };
    wanted.iter().all(|mount| {
        let volume = agent.mounts.iter().find(|own| own.path == mount.path).map(|own| &own.volume);
        volume.is_some_and(|volume| is_handed(volume))
    })
}

/// Takes the user of the settings out again, with what the init container does for it.
fn run_as_the_image_does(workload: &mut Workload, settings: &Settings) {
    for container in &mut workload.containers {
        container.user = None;
        if container.role == Role::Init {
            container.mounts.retain(|mount| mount.path == seed::STAGING);
            container.command = Some(Seed::of(settings, &[]).command());
        }
    }
}

/// Who fills the Agent's configuration volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seeding {
    /// The pattern's init container.
    Ours,
    /// Somebody already, or it is not to be filled: perhaps the user's own init container, at this position.
    Done(Option<usize>),
    /// The user's own init container at this position, once the Agent waits for it.
    Own(usize),
}

/// Who fills the configuration volume; none while that cannot be told.
fn seeding(draft: &Draft<'_>, index: usize) -> Option<Seeding> {
    let task = draft.read();
    let agent = task.at(index)?;
    let volume = match task.configuration(agent)? {
        Configuration::OfTheImage => return Some(Seeding::Ours),
        Configuration::Tmpfs | Configuration::OfItsOwn => return Some(Seeding::Done(None)),
        Configuration::Volume(volume) => volume,
    };
    let init = task.init_container(agent, volume);
    let position = |init: Option<&task::Container<'_>>| init.map(|init| init.index);
    // Whoever keeps volumes elsewhere, where nobody here sees them, has the pattern's there too.
    let has_content = match task.volume(volume) {
        Some(Some(volume)) => !is_empty_directory(volume)?,
        _ => false,
    };
    if has_content || agent.declares_the_check()? || task.is_seeded(agent, volume)? {
        return Some(Seeding::Done(position(init.flatten())));
    }
    Some(position(init?).map_or(Seeding::Ours, Seeding::Own))
}

/// Lets the Agent wait for the user's own init container, which waits for nobody that waits for the Agent. The end of an
/// essential container ends the task, and ECS treats one that does not say as essential.
fn keep_the_own_init_container(draft: &mut Draft<'_>, index: usize, seeding: Seeding) {
    let (Seeding::Done(Some(init)) | Seeding::Own(init)) = seeding else { return };
    draft.items[init].kind = Kind::Init;
    if seeding == Seeding::Own(init) {
        let name = draft.items[init].name().unwrap_or_default().to_owned();
        if let Some(mut joiner) = draft.items[init].joiner(&mut draft.log) {
            joiner.member("essential", &false.into());
        }
        if let Some(mut joiner) = draft.items[index].joiner(&mut draft.log) {
            joiner.success_of(&name);
        }
    }
}

/// Whether the root filesystem of a container will be read-only.
fn becomes_read_only(draft: &Draft<'_>, index: usize) -> bool {
    let item = &draft.items[index];
    let says_writable = item.definition.get("readonlyRootFilesystem").as_bool() == Some(false);
    draft.hardening.read_only_root == ReadOnlyRoot::Everywhere || !says_writable
}

/// The pattern's own settings, its names changed where the task has them for something else: nobody could write others.
fn with_free_names(draft: &Draft<'_>) -> Settings {
    let default = Settings::default();
    let endings = || std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let init_container_name = endings()
        .map(|ending| format!("{}{ending}", default.init_container_name))
        .find(|name| !draft.is_name_taken(name));
    let volume_prefix = endings()
        .map(|ending| format!("{}{ending}-", default.volume_prefix.trim_end_matches('-')))
        .find(|prefix| all_writable_paths(prefix).iter().all(|path| draft.volumes.is_free(&path.volume)));
    Settings {
        init_container_name: init_container_name.expect("names do not run out"),
        volume_prefix: volume_prefix.expect("names do not run out"),
        ..default
    }
}

/// Lets the volumes that the Agent mounts take the place of the pattern's; the mounts that it lacks. None while somebody
/// has to know more to tell.
fn settle_volumes(
    draft: &mut Draft<'_>,
    index: usize,
    workload: &mut Workload,
    settings: &Settings,
) -> Option<Vec<Mount>> {
    let place = draft.items[index].place();
    let wanted = agent_of(workload).mounts.clone();
    let (seen, seen_at_logs) = what_is_seen(draft, index, &wanted)?;
    let is_wired = draft.hardening.agent.is_some() && draft.hardening.wire;
    let is_shared = |path: &str| path == CONFIG || (path == SOCKETS && is_wired);
    let mut missing = Vec::new();
    for (mount, (seen, is_plain)) in wanted.into_iter().zip(seen) {
        match seen {
            Seen::Undecided => return None,
            Seen::Nothing => missing.push(mount),
            Seen::Mount(Mounted { at, read_only, .. }) if at != mount.path => {
                // What lies above the configuration is the user's to fill. What can be written to above another path serves
                // as well, but for what another container has to reach.
                let is_needed = read_only || (mount.path == SOCKETS && is_wired);
                if is_needed && mount.path != CONFIG {
                    missing.push(mount);
                } else {
                    replace_volume(workload, &mount, None, false);
                }
            }
            Seen::Mount(Mounted { is_tmpfs: true, .. }) if is_shared(&mount.path) => {
                let kind = CollisionKind::AgentTmpfs { path: mount.path.clone() };
                draft.log.collision(&place, "linuxParameters", kind);
            }
            Seen::Mount(Mounted { volume, .. }) => {
                replace_volume(workload, &mount, volume.as_deref(), is_plain);
            }
        }
    }
    hand_over_what_is_left(workload, settings);
    // Who mounts a volume for the log files wants them.
    if seen_at_logs != Seen::Nothing {
        agent_of(workload).environment.remove(DD_DISABLE_FILE_LOGGING);
    }
    Some(missing)
}

/// What the Agent sees where the pattern mounts a volume, each with whether an init container may hand it over, and at the
/// directory of the log files.
fn what_is_seen(draft: &Draft<'_>, index: usize, wanted: &[Mount]) -> Option<(Vec<(Seen, bool)>, Seen)> {
    let task = draft.read();
    let agent = task.at(index)?;
    let mounts = task.mounts(agent);
    let of_mount = |mount: &Mount| {
        let seen = seen_at(agent, mounts, &mount.path);
        let is_plain = match &seen {
            Seen::Mount(Mounted { volume: Some(volume), .. }) => {
                task.content(volume) != Some(Content::OfItsOwn)
            }
            _ => false,
        };
        (seen, is_plain)
    };
    Some((wanted.iter().map(of_mount).collect(), seen_at(agent, mounts, LOGS)))
}

fn agent_of(workload: &mut Workload) -> &mut Container {
    let agent = workload.containers.iter_mut().find(|container| container.role == Role::Agent);
    agent.expect("the pattern has an Agent")
}

/// Puts the user's volume in place of the pattern's everywhere. The init container leaves alone what it cannot reach
/// and what has content of its own.
fn replace_volume(workload: &mut Workload, mount: &Mount, with: Option<&str>, is_plain: bool) {
    let ours = mount.volume.as_str();
    workload.volumes.retain(|volume| volume.name != ours);
    for container in &mut workload.containers {
        let is_init = container.role == Role::Init;
        container.mounts.retain(|mount| {
            mount.volume != ours || (with.is_some() && (!is_init || is_plain || mount.path == seed::STAGING))
        });
    }
    let mounts = workload.containers.iter_mut().flat_map(|container| &mut container.mounts);
    for mount in mounts.chain(&mut workload.wiring.mounts).filter(|mount| mount.volume == ours) {
        mount.volume = with.unwrap_or(ours).to_owned();
    }
}

/// The init container hands over to the Agent's user what it still mounts.
fn hand_over_what_is_left(workload: &mut Workload, settings: &Settings) {
    let init = workload.containers.iter_mut().find(|container| container.role == Role::Init);
    if let Some(init) = init.filter(|init| init.user.is_some()) {
        let paths = init.mounts.iter().map(|mount| mount.path.as_str());
        // The volume with the copy comes first in any case.
        let handed: Vec<&str> = paths.filter(|path| *path != seed::STAGING).collect();
        init.command = Some(Seed::of(settings, &handed).command());
    }
}

fn leave_out_the_init_container(workload: &mut Workload) {
    workload.containers.retain(|container| container.role != Role::Init);
    agent_of(workload).dependencies.clear();
}

/// The init container logs to where the Agent does, unless it was told otherwise: a copy that failed must leave a trace.
/// Options of other drivers than awslogs may hold a key and are not repeated, and neither is a key that ECS does not know.
fn with_log_configuration_of(agent: &Node, mut init: Node) -> Node {
    if let (Node::Object(members), Node::Object(configuration)) = (&mut init, agent.get("logConfiguration"))
        && configuration.get("logDriver").and_then(Node::as_str) == Some("awslogs")
        && !members.contains_key("logConfiguration")
    {
        let known = configuration.iter().filter(|(key, _)| is_of_log_configuration(key));
        let copy = known.map(|(key, value)| (key.clone(), value.clone())).collect();
        members.insert("logConfiguration".to_owned(), copy);
    }
    init
}

fn is_of_log_configuration(key: &str) -> bool {
    shapes::structures()
        .iter()
        .any(|structure| structure.name == "LogConfiguration" && structure.member(key).is_some())
}

/// Joins to the Agent what it lacks of the pattern.
fn join(
    draft: &mut Draft<'_>,
    index: usize,
    workload: &Workload,
    missing: &[Mount],
    settings: Option<&Settings>,
) {
    let Some(agent) = workload.containers.iter().find(|container| container.role == Role::Agent) else {
        return;
    };
    let mut variables = agent.environment.clone();
    // A site that nobody wrote would win over the one in a configuration file of the Agent's.
    variables.retain(|name, _| name != "DD_SITE" || settings.is_none_or(site_is_written));
    // Without settings nobody said anything of the Agent but that its root is read-only.
    variables.retain(|name, _| settings.is_some() || name == DD_DISABLE_FILE_LOGGING);
    let item = &mut draft.items[index];
    let Some(mut joiner) = item.joiner(&mut draft.log) else { return };
    joiner.variables(&variables);
    for mount in missing {
        joiner.add_mount(mount);
    }
    for init in &agent.dependencies {
        joiner.success_of(&init.container);
    }
    if settings.is_some() {
        joiner.secrets(&agent.secrets);
        joiner.labels(&agent.docker_labels);
        if !workload.wiring.dependencies.is_empty() {
            let rendered = ecs::container_definition(agent);
            joiner.member("healthCheck", rendered.get("healthCheck"));
            joiner.member("startTimeout", rendered.get("startTimeout"));
        }
    }
}

/// Whether the site is somebody's, and not the default of the pattern.
fn site_is_written(settings: &Settings) -> bool {
    settings.written.is_anywhere("site")
        || settings.environment.contains_key("DD_SITE")
        || settings.site != Settings::default().site
}
