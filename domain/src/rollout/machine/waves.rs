//! Waves, bake times and places for deployments.

use std::time::Duration;

use super::super::plan::OnFailure;
use super::service::{Heading, Service, Stage};
use super::{Action, Machine, Phase};

impl Machine {
    /// Takes the rollout one step on, if everything for that has ended; false where there is nothing to do but wait.
    pub(super) fn settle(&mut self, now: Duration) -> bool {
        match self.phase {
            Phase::Forward if self.is_halted() => self.halt(),
            Phase::Forward => self.bake(now),
            Phase::Back => {
                let is_back = |service: &Service| {
                    service.heading == Heading::Forward || matches!(service.stage, Stage::Done(_))
                };
                let has_ended = self.of_wave().all(is_back);
                self.phase = if has_ended { Phase::Over } else { Phase::Back };
                has_ended
            }
            Phase::Survey | Phase::Over => false,
        }
    }

    /// Nothing more is started. What is under way is waited for before anything goes back or the rollout ends.
    fn halt(&mut self) -> bool {
        // No wave begins any more, so the end of a bake time is nothing to wake up for.
        self.bakes_until = None;
        if self.services.values().any(Service::is_under_way) {
            return false;
        }
        self.phase = match self.on_failure {
            OnFailure::Rollback => Phase::Back,
            _ => Phase::Over,
        };
        if self.phase == Phase::Back {
            let wave = self.wave;
            self.services.values_mut().filter(|service| service.wave == wave).for_each(Service::turn_around);
        }
        true
    }

    /// Begins a wave, lets it bake when it has moved, and goes on to the next.
    fn bake(&mut self, now: Duration) -> bool {
        let wave = self.wave;
        if self.begin_wave() {
            return true;
        }
        let mut landed = Vec::new();
        for service in self.of_wave() {
            match service.stage {
                Stage::Landed(at) => landed.push(at),
                Stage::Done(_) => {}
                _ => return false,
            }
        }
        let Some(wave) = self.waves.get(wave) else {
            self.phase = Phase::Over;
            return true;
        };
        let Some(last) = landed.into_iter().max() else {
            self.next_wave();
            return true;
        };
        let until = last.saturating_add(wave.bake_time);
        if now < until {
            self.bakes_until = Some(until);
            return false;
        }
        let has_baked = !wave.bake_time.is_zero();
        for service in self.services.values_mut().filter(|service| service.wave == self.wave) {
            if let Stage::Landed(_) = service.stage {
                service.stage = if has_baked { Stage::SecondLook } else { Stage::Done(service.lands_as) };
                service.next_look = now;
            }
        }
        self.bakes_until = None;
        true
    }

    fn next_wave(&mut self) {
        self.bakes_until = None;
        if self.wave + 1 < self.waves.len() {
            self.wave += 1;
        } else {
            self.phase = Phase::Over;
        }
    }

    /// Makes whoever of the wave has waited for it due; whether there was anybody.
    fn begin_wave(&mut self) -> bool {
        let wave = self.wave;
        let mut begins = false;
        for service in self.services.values_mut().filter(|service| service.wave == wave && service.is_early) {
            service.is_early = false;
            if service.stage == Stage::Waiting {
                service.stage = Stage::Due;
            }
            begins = true;
        }
        begins
    }

    fn of_wave(&self) -> impl Iterator<Item = &Service> {
        self.services.values().filter(|service| service.wave == self.wave)
    }

    /// Hands out the looks that are due. A service that is to be started is looked at only when there is room for it.
    pub(super) fn looks(&mut self, now: Duration, actions: &mut Vec<Action>) {
        let mut places = self.max_concurrent.saturating_sub(self.taken());
        let moves = self.moves();
        for (key, service) in &mut self.services {
            if service.is_looking || service.next_look > now || !service.is_to_be_looked_at(moves) {
                continue;
            }
            if service.stage == Stage::Due && !service.is_on_its_way {
                if places == 0 {
                    continue;
                }
                places -= 1;
            }
            service.is_looking = true;
            actions.push(match (&service.stage, service.wanted()) {
                (Stage::Checking, Some(arn)) => Action::Check { key: key.clone(), arn: arn.to_owned() },
                _ => Action::Look { key: key.clone(), deployment: service.deployment.clone() },
            });
        }
    }

    /// Hands out the calls of those that were looked at just now.
    pub(super) fn starts(&mut self, actions: &mut Vec<Action>) {
        let moves = self.moves();
        for (key, service) in self.services.iter_mut().filter(|(_, service)| service.stage == Stage::Ready) {
            let to = service.wanted().filter(|_| service.may_move(moves)).map(str::to_owned);
            let Some(to) = to else {
                service.stage = Stage::Due;
                continue;
            };
            let has_it = service.runs.as_deref() == Some(to.as_str());
            let force = service.force && has_it && service.heading == Heading::Forward;
            service.stage = Stage::Starting;
            actions.push(Action::Start { key: key.clone(), to, force });
        }
    }

    /// When something is due next. A service that waits for a place is looked at when another gives one up.
    pub(super) fn until(&self) -> Option<Duration> {
        let moves = self.moves();
        let has_place = self.taken() < self.max_concurrent;
        let looks =
            self.services.values().filter(|service| !service.is_looking && service.is_to_be_looked_at(moves));
        let looks = looks.filter(|service| service.stage != Stage::Due || service.is_on_its_way || has_place);
        looks.map(|service| service.next_look).chain(self.bakes_until).min()
    }

    /// Places for deployments that are taken.
    fn taken(&self) -> usize {
        self.services.values().filter(|service| service.has_a_place()).count()
    }

    /// Which way services may be started.
    fn moves(&self) -> Option<Heading> {
        match self.phase {
            Phase::Forward if !self.is_halted() => Some(Heading::Forward),
            Phase::Back => Some(Heading::Back),
            _ => None,
        }
    }
}

impl Service {
    fn may_move(&self, moves: Option<Heading>) -> bool {
        moves == Some(self.heading)
    }

    /// Whether a look can bring it on. What is on its way is followed to its end, whatever else may be started.
    fn is_to_be_looked_at(&self, moves: Option<Heading>) -> bool {
        match self.stage {
            Stage::Due => self.is_on_its_way || self.may_move(moves),
            Stage::Blocked => self.may_move(moves),
            _ => self.is_watched(),
        }
    }
}
