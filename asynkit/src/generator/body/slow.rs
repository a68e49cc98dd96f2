//! What is done before and after a poll of the body that is not a plain one: its start and its end, awaits that are no
//! `ayield`, sub-executors, called bodies, thrown errors.

use super::{Body, Poison};
use crate::{
    error::Interrupt,
    generator::{
        Resume,
        airlock::{Address, flag},
        call::Whose,
        raw::Answer,
    },
    scope::Delivery,
};
use core::{
    future::Future,
    mem,
    task::{Context, Poll},
};

/// How a turn goes on.
pub(super) enum Next<Y> {
    /// The body is polled.
    Poll,
    /// It has ended.
    Return(Poll<Option<Y>>),
}

/// How often an `ayield` is told in one turn, before a loop that swallows it is cut off.
const MOST_TOLD: u32 = 1000;

impl<F, Fut, Y, R> Body<F, Fut, Y, R>
where
    F: FnOnce(Address<Y, R>) -> Fut,
    Fut: Future,
    R: Resume,
{
    pub(super) fn begin_slowly(&mut self, cx: &mut Context<'_>, answer: &mut Answer<R>) -> Next<Y> {
        let flags = self.airlock.flags();
        if flags == flag::NEW {
            if let Some(Err(_)) = answer {
                self.drop_body();
                return Next::Return(Poll::Ready(None));
            }
            self.make();
            return Next::Poll;
        }
        if flags & flag::CLOSED != 0 {
            return Next::Return(Poll::Ready(None));
        }
        if answer.is_some() && flags & flag::THROWS != 0 {
            self.end_throw();
        }
        match answer.take() {
            Some(Err(error)) => {
                if let Err(error) = self.throw(error) {
                    return self.root(error, answer);
                }
            }
            value => *answer = value,
        }
        self.airlock.with_old_cold(|cold| cold.told = 0);
        self.airlock.remove_flags(flag::AWAITS);
        if R::UNIT.is_none() && self.airlock.is_taken() {
            match answer.take() {
                Some(Ok(value)) => self.airlock.give_answer(R::from_value(value)),
                other => *answer = other,
            }
        }
        self.wake(cx);
        self.go(cx, answer)
    }

    fn wake(&self, cx: &Context<'_>) {
        if self.airlock.has(flag::WAKE) && !self.airlock.is_taken() {
            self.airlock.wake(cx);
        }
    }

    /// The body, or what it has called, is about to be polled.
    fn go(&mut self, cx: &mut Context<'_>, answer: &mut Answer<R>) -> Next<Y> {
        if self.scope.is_thrown() {
            let opened = self.scope.open(cx);
            self.airlock.with_cold(|cold| cold.opened = Some(opened));
        }
        if !self.airlock.has(flag::FRAMES) {
            return Next::Poll;
        }
        self.airlock.polled_by(cx.waker());
        let poison = Poison(&self.airlock);
        let whose = self.airlock.poll_frames(cx);
        mem::forget(poison);
        match whose {
            Whose::Body => Next::Poll,
            Whose::Owner => self.settle(Poll::Pending, cx, answer),
        }
    }

    pub(super) fn suspended_slowly(&mut self, cx: &mut Context<'_>, answer: &mut Answer<R>) -> Next<Y> {
        if self.airlock.has(flag::FRAMES) {
            let poison = Poison(&self.airlock);
            let whose = self.airlock.poll_frames_after_body(cx);
            mem::forget(poison);
            if matches!(whose, Whose::Body) {
                return Next::Poll;
            }
        }
        self.settle(Poll::Pending, cx, answer)
    }

    /// The called body on top was polled.
    pub(super) fn called_slowly(
        &mut self,
        polled: Poll<()>,
        cx: &mut Context<'_>,
        answer: &mut Answer<R>,
    ) -> Next<Y> {
        let poison = Poison(&self.airlock);
        let whose = self.airlock.go_on(polled, cx);
        mem::forget(poison);
        match whose {
            Whose::Body => Next::Poll,
            Whose::Owner => self.settle(Poll::Pending, cx, answer),
        }
    }

    /// The body and what it has called have been polled: what becomes of it, and of an error on offer.
    pub(super) fn settle(
        &mut self,
        polled: Poll<Fut::Output>,
        cx: &mut Context<'_>,
        answer: &mut Answer<R>,
    ) -> Next<Y> {
        let opened = self.airlock.with_old_cold(|cold| cold.opened.take()).flatten();
        let Some(opened) = opened else { return self.leave(polled) };
        match self.scope.close(opened, polled, cx) {
            Delivery::Ready(value) => return self.leave(Poll::Ready(value)),
            Delivery::Unseen(value, error) => {
                *answer = Some(Err(error));
                return self.leave(Poll::Ready(value));
            }
            Delivery::Root(error) if !self.airlock.is_offered() => return self.root(error, answer),
            // It came as far as an `ayield`, which is told as any await that would wait.
            Delivery::Root(error) => self.scope.throw(error),
            Delivery::Pending => {}
        }
        let error = if self.airlock.is_offered() { self.scope.tell() } else { None };
        let Some(error) = error else { return self.leave(Poll::Pending) };
        let told = self.airlock.with_cold(|cold| {
            cold.told += 1;
            cold.told
        });
        if told > MOST_TOLD {
            return self.root(error, answer);
        }
        match R::from_interrupt(error) {
            Ok(reply) => self.airlock.refuse(reply),
            Err(error) => return self.root(error, answer),
        }
        self.wake(cx);
        self.go(cx, answer)
    }

    /// A throwing call begins. `Err`: the `ayield` that waits has no room for the error.
    fn throw(&mut self, error: Interrupt) -> Result<(), Interrupt> {
        let is_waiting = self.airlock.is_waiting();
        self.scope.throw(error);
        self.airlock.add_flags(flag::THROWS);
        if !is_waiting {
            return Ok(());
        }
        let Some(error) = self.scope.tell() else { return Ok(()) };
        let reply = R::from_interrupt(error)?;
        if R::UNIT.is_none() {
            self.airlock.give_answer(reply);
        }
        Ok(())
    }

    /// The throwing call has ended, or was dropped half-way.
    fn end_throw(&mut self) {
        self.airlock.remove_flags(flag::THROWS);
        drop(self.scope.withdraw());
    }

    /// The turn ends, and with it the throwing call, if it has a result.
    #[cold]
    pub(super) fn leave(&mut self, polled: Poll<Fut::Output>) -> Next<Y> {
        let turn = match polled {
            Poll::Ready(value) => {
                self.drop_body();
                self.keep_value(value);
                drop(self.scope.withdraw());
                return Next::Return(Poll::Ready(None));
            }
            Poll::Pending => self.airlock.take(),
        };
        if turn.is_none() {
            if self.airlock.is_elsewhere() {
                self.airlock.add_flags(flag::AWAITS);
            }
            return Next::Return(Poll::Pending);
        }
        if self.airlock.has(flag::THROWS) {
            self.end_throw();
        }
        Next::Return(Poll::Ready(turn))
    }

    /// Nobody was told: the body is dropped, and the owner gets the error back.
    fn root(&mut self, error: Interrupt, answer: &mut Answer<R>) -> Next<Y> {
        *answer = Some(Err(error));
        drop(self.scope.withdraw());
        self.drop_body();
        Next::Return(Poll::Ready(None))
    }
}
