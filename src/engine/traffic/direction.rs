//! The exclusive use of one direction.
//!
//! Two threads in the same direction at once are a mistake of the caller's or the moment of
//! [`super::Traffic::rest`]. So this is made for being free: to take and to give back is one atomic
//! operation where a `Mutex`, which has to look for threads that sleep, needs two; for a small
//! record that is a twentieth of the time. Whoever does find it taken lets others run and looks again.

use std::thread;

use atomic_refcell::{AtomicRefCell, AtomicRefMut};
use rustls::AlertDescription;

use super::signals::Signals;

pub(super) struct Direction<T>(AtomicRefCell<T>);

impl<T> Direction<T> {
    pub(super) fn new(value: T) -> Self {
        Self(AtomicRefCell::new(value))
    }

    /// Waits until nobody else has it.
    #[inline]
    pub(super) fn enter(&self) -> AtomicRefMut<'_, T> {
        match self.0.try_borrow_mut() {
            Ok(entered) => entered,
            Err(_) => self.wait(),
        }
    }

    #[cold]
    fn wait(&self) -> AtomicRefMut<'_, T> {
        loop {
            thread::yield_now();
            if let Ok(entered) = self.0.try_borrow_mut() {
                return entered;
            }
        }
    }

    /// `None` when somebody has it.
    pub(super) fn try_enter(&self) -> Option<AtomicRefMut<'_, T>> {
        self.0.try_borrow_mut().ok()
    }
}

/// Ends the connection when a thread panics in one of its directions, which may have left key and
/// sequence number out of step: no nonce must come twice.
pub(super) struct EndOnPanic<'a> {
    signals: &'a Signals,
    sending: bool,
}

impl<'a> EndOnPanic<'a> {
    pub(super) fn sending(signals: &'a Signals) -> Self {
        Self {
            signals,
            sending: true,
        }
    }

    pub(super) fn receiving(signals: &'a Signals) -> Self {
        Self {
            signals,
            sending: false,
        }
    }
}

impl Drop for EndOnPanic<'_> {
    #[inline]
    fn drop(&mut self) {
        if thread::panicking() {
            if self.sending {
                // There is no telling which sequence number an alert would need.
                self.signals.end();
            } else {
                self.signals.fail(AlertDescription::InternalError);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_take_turns() {
        const EACH: u32 = 20_000;
        let direction = Direction::new(0u32);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    for _ in 0..EACH {
                        let mut entered = direction.enter();
                        let seen = *entered;
                        std::hint::spin_loop();
                        *entered = seen + 1;
                    }
                });
            }
        });
        assert_eq!(*direction.enter(), 3 * EACH);
    }

    #[test]
    fn what_is_taken_is_not_tried() {
        let direction = Direction::new(());
        let entered = direction.enter();
        assert!(direction.try_enter().is_none());
        drop(entered);
        assert!(direction.try_enter().is_some());
    }
}
