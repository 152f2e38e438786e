//! The endpoint's own time: seconds since its start, as fast as a test wants them to pass.
//!
//! Everything that takes time here is measured in it: buckets that refill, storms, pauses, reads that lag. What answers
//! say of the time of a registration is the world's.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(super) struct Clock {
    /// When the speed was last set, in the world's time and in the endpoint's.
    set: (Instant, f64),
    speed: f64,
}

impl Default for Clock {
    fn default() -> Self {
        Self { set: (Instant::now(), 0.0), speed: 1.0 }
    }
}

impl Clock {
    /// Seconds since the start.
    pub(super) fn now(&self) -> f64 {
        self.set.1 + self.set.0.elapsed().as_secs_f64() * self.speed
    }

    /// Lets this many seconds pass in one from now on. Refuses what is no speed.
    pub(super) fn set_speed(&mut self, speed: f64) -> bool {
        let fine = speed.is_finite() && speed > 0.0;
        if fine {
            *self = Self { set: (Instant::now(), self.now()), speed };
        }
        fine
    }

    /// How long this lasts in the world's time.
    pub(super) fn in_the_world(&self, lasting: Duration) -> Duration {
        lasting.div_f64(self.speed)
    }
}
