//! Generators inside scopes, and scopes inside generators.

use asynkit::{
    AsyncGenerator as _, Co, Interrupt, InterruptKind, generator, generator::RawGenerator as _,
    interrupt::throw_when, shield,
};
use asynkit_tests::{Gate, block_on, now, point};
use std::{cell::Cell, pin::pin};

#[test]
fn an_error_of_an_outer_scope_reaches_the_points_of_a_body() {
    let stop = Gate::default();
    let mut g = pin!(generator(async |mut co: Co<'_, InterruptKind>| {
        let told = point().await.unwrap_err();
        co.ayield(told.kind()).await;
    }));
    let mut outer = pin!(throw_when(stop.wait(), InterruptKind::Cancel, async { g.as_mut().anext().await }));
    assert!(now(outer.as_mut()).is_none());
    stop.open();
    assert_eq!(block_on(outer).unwrap(), Some(InterruptKind::Cancel));
}

#[test]
fn a_shield_does_not_cover_an_ayield() {
    let cleaned = Cell::new(false);
    let mut g = pin!(generator(async |mut co: Co<'_, u8, Result<(), Interrupt>>| {
        assert!(shield(co.ayield(1)).await.is_err());
        cleaned.set(true);
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert!(cleaned.get());
}

#[test]
fn a_shield_holds_a_close_back() {
    let gate = Gate::default();
    let mut g = pin!(generator(async |mut co: Co<'_, u8, Result<(), Interrupt>>| {
        shield(gate.wait()).await;
        assert!(point().await.is_err());
        assert!(co.ayield(1).await.is_err());
    }));
    assert!(now(g.as_mut().anext()).is_none());
    let mut close = pin!(g.as_mut().aclose());
    assert!(now(close.as_mut()).is_none());
    gate.open();
    assert_eq!(now(close), Some(Ok(())));
    assert!(g.is_finished());
}
