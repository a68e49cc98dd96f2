//! Monitors and what they drive, left in every way at every suspension.

macro_rules! of_monitor {
    ($module:ident, $Monitor:ident) => {
        mod $module {
            use crate::{bodies::asks, everywhere};
            use asynkit::{BoundMonitor, $Monitor as Monitor, Step, shield, start};
            use asynkit_tests::{Call, Ledger, Subject, Thrown, Turn, Value};
            use futures::{StreamExt as _, future::select, stream::FuturesUnordered};
            use std::{
                pin::{Pin, pin},
                sync::Arc,
            };

            type Talk = Monitor<Value, Option<Value>>;
            type Body = Pin<Box<dyn Future<Output = ()>>>;

            /// Sends a value, and takes what it is answered.
            async fn say(m: &Talk, l: &Ledger) {
                let _held = l.value();
                match m.oob(l.value()).await {
                    Ok(answer) => drop(answer),
                    Err(told) => l.tell(&told),
                }
            }

            async fn talks(m: Arc<Talk>, l: Ledger) {
                let _held = l.value();
                say(&m, &l).await;
                asks(&l).await;
                futures::join!(say(&m, &l), say(&m, &l), asks(&l));
                select(pin!(say(&m, &l)), pin!(l.trigger())).await;
                shield(l.leaf()).await;
                start!(let started = say(&m, &l));
                started.await;
                l.leaf().await;
            }

            async fn children(m: Arc<Talk>, l: Ledger) {
                let mut all: FuturesUnordered<_> = (0..2)
                    .map(|_| async {
                        say(&m, &l).await;
                        asks(&l).await;
                    })
                    .collect();
                while all.next().await.is_some() {}
                say(&m, &l).await;
            }

            /// Drives a coroutine that speaks to both owners.
            async fn nests(m: Arc<Talk>, l: Ledger) {
                let inner = Talk::new();
                let mut c = pin!(async {
                    say(&inner, &l).await;
                    say(&m, &l).await;
                    asks(&l).await;
                });
                while let Step::Oob(_item) = inner.aawait(c.as_mut()).await {
                    say(&m, &l).await;
                }
                l.leaf().await;
            }

            struct Driven {
                c: Body,
                m: Arc<Talk>,
                ledger: Ledger,
                /// The last call gave an item.
                waits: bool,
            }

            fn driven<F: Future<Output = ()> + 'static>(
                l: &Ledger,
                body: impl FnOnce(Arc<Talk>, Ledger) -> F,
            ) -> Box<dyn Subject> {
                let m = Arc::new(Talk::new());
                Box::new(Driven {
                    c: Box::pin(body(Arc::clone(&m), l.clone())),
                    m,
                    ledger: l.clone(),
                    waits: false,
                })
            }

            impl Subject for Driven {
                fn go(&mut self) -> Call<'_, Turn> {
                    Box::pin(async {
                        let c = self.c.as_mut();
                        let step = if std::mem::take(&mut self.waits) {
                            self.m.asend(c, Some(self.ledger.value())).await
                        } else {
                            self.m.aawait(c).await
                        };
                        self.waits = matches!(step, Step::Oob(_));
                        if self.waits { Turn::Item } else { Turn::End }
                    })
                }

                fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
                    Box::pin(async {
                        self.waits = false;
                        match self.m.athrow(self.c.as_mut(), error).await {
                            Ok(Step::Oob(_)) => Turn::Item,
                            Ok(Step::Done(())) => Turn::End,
                            Err(_) => Turn::Untaken,
                        }
                    })
                }

                fn close(&mut self) -> Call<'_, Turn> {
                    Box::pin(async {
                        self.waits = false;
                        match self.m.aclose(self.c.as_mut()).await {
                            Ok(()) => Turn::End,
                            Err(_ignored) => Turn::Item,
                        }
                    })
                }
            }

            impl Drop for Driven {
                fn drop(&mut self) {
                    if self.ledger.is_call_forgotten() && self.m.is_active() {
                        // Only this coroutine can be driven on.
                        drop(asynkit_tests::now(self.m.aawait(self.c.as_mut())));
                    }
                    // The monitor is used again when its coroutine is gone.
                    self.c = Box::pin(async {});
                    if std::thread::panicking() {
                        return;
                    }
                    let (m, l) = (&self.m, &self.ledger);
                    let mut next = pin!(say(m, l));
                    let item = asynkit_tests::now(m.start(next.as_mut())).expect("it is ready");
                    assert!(item.is_ok(), "the monitor is not what it was");
                    let step = asynkit_tests::now(m.asend(next, Some(l.value())));
                    assert!(matches!(step, Some(Step::Done(()))));
                }
            }

            struct Bound {
                inner: BoundMonitor<Arc<Talk>, Body>,
                ledger: Ledger,
                waits: bool,
            }

            fn bound<F: Future<Output = ()> + 'static>(
                l: &Ledger,
                body: impl FnOnce(Arc<Talk>, Ledger) -> F,
            ) -> Box<dyn Subject> {
                let m = Arc::new(Talk::new());
                let body: Body = Box::pin(body(Arc::clone(&m), l.clone()));
                Box::new(Bound { inner: BoundMonitor::new(m, body), ledger: l.clone(), waits: false })
            }

            impl Subject for Bound {
                fn go(&mut self) -> Call<'_, Turn> {
                    Box::pin(async {
                        let step = if std::mem::take(&mut self.waits) {
                            self.inner.asend(Some(self.ledger.value())).await
                        } else {
                            self.inner.aawait().await
                        };
                        self.waits = matches!(step, Step::Oob(_));
                        if self.waits { Turn::Item } else { Turn::End }
                    })
                }

                fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
                    Box::pin(async {
                        self.waits = false;
                        match self.inner.athrow(error).await {
                            Ok(Step::Oob(_)) => Turn::Item,
                            Ok(Step::Done(())) => Turn::End,
                            Err(_) => Turn::Dropped,
                        }
                    })
                }

                fn close(&mut self) -> Call<'_, Turn> {
                    Box::pin(async {
                        self.waits = false;
                        match self.inner.aclose().await {
                            Ok(()) => Turn::End,
                            Err(_ignored) => Turn::Item,
                        }
                    })
                }
            }

            #[test]
            fn driven_coroutines_are_left_everywhere() {
                everywhere(&[
                    ("driven talks", |l| driven(l, talks)),
                    ("driven children", |l| driven(l, children)),
                    ("driven nests", |l| driven(l, nests)),
                ]);
            }

            #[test]
            fn bound_coroutines_are_left_everywhere() {
                everywhere(&[
                    ("bound talks", |l| bound(l, talks)),
                    ("bound children", |l| bound(l, children)),
                    ("bound nests", |l| bound(l, nests)),
                ]);
            }
        }
    };
}

of_monitor!(local, LocalMonitor);
of_monitor!(shared, Monitor);
