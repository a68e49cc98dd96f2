use asynkit::{awaitmethod, eager, generator_fn, syncfunction};
use std::future::IntoFuture;

pub struct Shop {
    pub name: String,
}

impl Shop {
    /// What is borrowed need not be named in the return type.
    #[syncfunction(twin)]
    pub async fn words(&self, more: &str) -> impl Iterator<Item = char> {
        let all = format!("{}{}", self.name, more);
        all.chars().collect::<Vec<_>>().into_iter()
    }

    /// Captures what is hidden in the path as well.
    #[generator_fn(usize)]
    pub async fn lengths(&self, more: Option<&str>) {
        ayield!(self.name.len());
        ayield!(more.map_or(0, str::len));
    }

    #[syncfunction]
    pub async fn longest(&self, other: &str) -> Option<&str> {
        if self.name.len() > other.len() {
            Some(&self.name)
        } else {
            None
        }
    }
}

impl Shop {
    /// Captures what is hidden in the path as well, and returns a borrow.
    #[eager(scoped)]
    pub async fn started(&self, more: Option<&str>) -> (&str, usize) {
        std::future::ready(()).await;
        (&self.name, more.map_or(0, str::len))
    }

    #[eager(scoped)]
    pub async fn letters(&self, more: Option<&str>) -> impl Iterator<Item = char> {
        let all = format!("{}{}", self.name, more.unwrap_or_default());
        all.chars().collect::<Vec<_>>().into_iter()
    }
}

#[eager]
pub async fn task(name: String, (n, _): (usize, u8)) -> usize {
    asynkit::yield_now().await;
    name.len() + n
}

#[eager(spawn = asynkit::spawner::Local)]
pub async fn task_on(name: String) -> impl Iterator<Item = usize> {
    std::iter::once(name.len())
}

#[syncfunction]
pub trait Store {
    #[allow(async_fn_in_trait)]
    async fn load(&self, key: &str) -> String;
}

impl Store for Shop {
    async fn load(&self, key: &str) -> String {
        format!("{}/{}", self.name, key)
    }
}

#[awaitmethod]
impl<'a> IntoFuture for &'a Shop {
    async fn into_future(self) -> &'a str {
        let name = &self.name;
        std::future::ready(()).await;
        name
    }
}

#[awaitmethod]
impl IntoFuture for Shop {
    async fn into_future(self) -> String {
        self.name
    }
}

#[syncfunction(panic)]
pub async fn total(read: &impl Fn(u32) -> u64, mut n: u32) -> u64 {
    n += 1;
    read(n)
}

#[test]
fn the_attributes_work_in_this_edition() {
    let shop = Shop { name: "a".to_owned() };
    assert_eq!(shop.words_sync("bc").unwrap().count(), 3);
    let lengths = asynkit::aiter_sync(Box::pin(shop.lengths(Some("xy"))));
    assert_eq!(lengths.map(Result::unwrap).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(shop.longest("").unwrap(), Some("a"));
    assert_eq!(asynkit::await_sync(shop.started(Some("xy"))).unwrap(), ("a", 2));
    assert_eq!(asynkit::await_sync(shop.letters(None)).unwrap().count(), 1);
    asynkit::Executor::run(async {
        assert_eq!(task("ab".to_owned(), (1, 0)).await, 3);
        assert_eq!(task_on("ab".to_owned()).await.next(), Some(2));
    });
    assert_eq!(shop.load_sync("k").unwrap(), "a/k");
    assert_eq!(asynkit::await_sync(&shop).unwrap(), "a");
    assert_eq!(asynkit::await_sync(shop).unwrap(), "a");
    assert_eq!(total(&u64::from, 1), 2);
}
