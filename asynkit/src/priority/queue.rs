//! [`PriorityQueue`]: the least priority first, equal ones in the order in which they came.

use crate::util::heap::Heap;
use alloc::vec::Vec;
use core::{cmp::Ordering, fmt, mem};

#[derive(Debug, Clone)]
struct Entry<P, T> {
    priority: P,
    sequence: u64,
    item: T,
}

impl<P, T> Entry<P, T> {
    fn into_pair(self) -> (P, T) {
        (self.priority, self.item)
    }
}

impl<P: Ord, T> Ord for Entry<P, T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.priority.cmp(&other.priority).then(self.sequence.cmp(&other.sequence))
    }
}

impl<P: Ord, T> PartialOrd for Entry<P, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P: Ord, T> PartialEq for Entry<P, T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<P: Ord, T> Eq for Entry<P, T> {}

/// A queue that gives the item of the least priority first, and items of equal priority in the order in which they
/// were pushed.
///
/// `P` is any ordered type: a [`Priority`](crate::Priority), a number, a deadline. Pushing and popping cost O(log n);
/// to find one of the items, all are looked at.
///
/// # Examples
/// ```
/// use asynkit::{Priority, PriorityQueue};
///
/// let mut queue = PriorityQueue::new();
/// queue.push(Priority::NORMAL, "mail");
/// queue.push(Priority::LOW, "backup");
/// queue.push(Priority::NORMAL, "news");
/// queue.push(Priority::HIGH, "alarm");
/// assert_eq!(queue.pop(), Some("alarm"));
/// assert_eq!(queue.reschedule(|item| *item == "backup", Priority::HIGH), Some(Priority::LOW));
/// assert_eq!([queue.pop(), queue.pop(), queue.pop(), queue.pop()], [Some("backup"), Some("mail"), Some("news"), None]);
/// ```
#[derive(Clone)]
pub struct PriorityQueue<P, T> {
    heap: Heap<Entry<P, T>>,
    /// The sequence number of the next push.
    sequence: u64,
}

impl<P, T> PriorityQueue<P, T> {
    /// An empty queue.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Priority, PriorityQueue};
    /// use std::sync::Mutex;
    ///
    /// static JOBS: Mutex<PriorityQueue<Priority, &str>> = Mutex::new(PriorityQueue::new());
    /// JOBS.lock().unwrap().push(Priority::LOW, "tidy up");
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        PriorityQueue { heap: Heap::new(), sequence: 0 }
    }

    /// How many items it holds.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// assert_eq!(PriorityQueue::from_iter([(1, 'a'), (0, 'b')]).len(), 2);
    /// ```
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether it holds none.
    ///
    /// # Examples
    /// ```
    /// assert!(asynkit::PriorityQueue::<u8, char>::new().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Drops all items.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let mut queue = PriorityQueue::from_iter([(1, 'a'), (0, 'b')]);
    /// queue.clear();
    /// assert!(queue.is_empty());
    /// ```
    pub fn clear(&mut self) {
        self.heap.clear();
    }

    /// The first item.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// assert_eq!(PriorityQueue::from_iter([(1, 'a'), (0, 'b')]).peek(), Some(&'b'));
    /// ```
    pub fn peek(&self) -> Option<&T> {
        self.heap.first().map(|entry| &entry.item)
    }

    /// The first item, and its priority.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// assert_eq!(PriorityQueue::from_iter([(1, 'a'), (0, 'b')]).peek_item(), Some((&0, &'b')));
    /// ```
    #[doc(alias = "peekitem")]
    pub fn peek_item(&self) -> Option<(&P, &T)> {
        self.heap.first().map(|entry| (&entry.priority, &entry.item))
    }
}

impl<P: Ord, T> PriorityQueue<P, T> {
    /// Adds an item, after those of the same priority.
    ///
    /// # Examples
    /// ```
    /// let mut queue = asynkit::PriorityQueue::new();
    /// queue.push(1, 'a');
    /// queue.push(0, 'b');
    /// queue.push(1, 'c');
    /// assert_eq!(queue.into_sorted_vec(), [(0, 'b'), (1, 'a'), (1, 'c')]);
    /// ```
    #[doc(alias = "add")]
    pub fn push(&mut self, priority: P, item: T) {
        let sequence = self.sequence;
        self.sequence += 1;
        self.heap.push(Entry { priority, sequence, item }, |_, _| {});
    }

    /// Takes out the first item.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let mut queue = PriorityQueue::from_iter([(1, 'a'), (0, 'b')]);
    /// assert_eq!((queue.pop(), queue.pop(), queue.pop()), (Some('b'), Some('a'), None));
    /// ```
    pub fn pop(&mut self) -> Option<T> {
        self.pop_item().map(|(_, item)| item)
    }

    /// Takes out the first item, and gives its priority too.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// assert_eq!(PriorityQueue::from_iter([(1, 'a'), (0, 'b')]).pop_item(), Some((0, 'b')));
    /// ```
    #[doc(alias = "popitem")]
    pub fn pop_item(&mut self) -> Option<(P, T)> {
        self.heap.pop(|_, _| {}).map(Entry::into_pair)
    }

    /// The first item for which `key` is true, and its priority.
    ///
    /// `key` is asked about every item, in any order.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let queue = PriorityQueue::from_iter([(3, "bob"), (2, "alice"), (1, "carol")]);
    /// assert_eq!(queue.find(|name| name.len() == 5), Some((&1, &"carol")));
    /// assert_eq!(queue.find(|name| name.is_empty()), None);
    /// ```
    pub fn find(&self, key: impl FnMut(&T) -> bool) -> Option<(&P, &T)> {
        let entry = &self.heap.as_slice()[self.position(key)?];
        Some((&entry.priority, &entry.item))
    }

    /// Takes out the first item for which `key` is true, and gives its priority too.
    ///
    /// `key` is asked about every item, in any order.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let mut queue = PriorityQueue::from_iter([(3, "bob"), (2, "alice")]);
    /// assert_eq!(queue.remove(|name| *name == "bob"), Some((3, "bob")));
    /// assert_eq!(queue.remove(|name| *name == "bob"), None);
    /// ```
    pub fn remove(&mut self, key: impl FnMut(&T) -> bool) -> Option<(P, T)> {
        let at = self.position(key)?;
        Some(self.heap.remove(at, |_, _| {}).into_pair())
    }

    /// Gives another priority to the first item for which `key` is true; its former one, if there is such an item.
    ///
    /// Among those of its new priority it stands by the moment of its push. `key` is asked about every item, in any
    /// order.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let mut queue = PriorityQueue::from_iter([(5, "bob"), (2, "alice")]);
    /// assert_eq!(queue.reschedule(|name| *name == "bob", 2), Some(5));
    /// assert_eq!(queue.pop(), Some("bob")); // it was pushed first
    /// ```
    pub fn reschedule(&mut self, key: impl FnMut(&T) -> bool, priority: P) -> Option<P> {
        let at = self.position(key)?;
        let former = mem::replace(&mut self.heap.as_mut_slice()[at].priority, priority);
        self.heap.update(at, |_, _| {});
        Some(former)
    }

    /// Calls `change` for each item, in any order, which may give it another priority; then sorts them all anew.
    ///
    /// It costs less than to reschedule them one by one. If `change` panics, what it has changed is sorted too.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let mut queue = PriorityQueue::from_iter([(1, "bob"), (2, "alice")]);
    /// queue.refresh(|priority, _| *priority = -*priority);
    /// assert_eq!(queue.peek_item(), Some((&-2, &"alice")));
    /// ```
    pub fn refresh(&mut self, mut change: impl FnMut(&mut P, &T)) {
        let sorted = Sorted(&mut self.heap);
        for entry in sorted.0.as_mut_slice() {
            change(&mut entry.priority, &entry.item);
        }
    }

    /// All items with their priorities, in the order in which they would be popped.
    ///
    /// It sorts as it goes: the first few of many cost little.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let queue = PriorityQueue::from_iter([(2, 'a'), (1, 'b'), (3, 'c')]);
    /// assert_eq!(queue.iter().map(|(_, item)| item).collect::<String>(), "bac");
    /// ```
    #[doc(alias("ordered", "ordereditems", "sorted"))]
    pub fn iter(&self) -> impl Iterator<Item = (&P, &T)> {
        // The least of these is next; below an entry of a heap are only greater ones.
        let mut frontier = Heap::new();
        let entries = self.heap.as_slice();
        frontier.extend(entries.first().map(|entry| (entry, 0)));
        core::iter::from_fn(move || {
            let (entry, at) = frontier.pop(|_, _| {})?;
            frontier.extend(self.heap.children(at).map(|at| (&entries[at], at)));
            Some((&entry.priority, &entry.item))
        })
    }

    /// All items with their priorities, in the order in which they would be popped.
    ///
    /// # Examples
    /// ```
    /// use asynkit::PriorityQueue;
    ///
    /// let queue = PriorityQueue::from_iter([(2, 'a'), (1, 'b'), (2, 'c')]);
    /// assert_eq!(queue.into_sorted_vec(), [(1, 'b'), (2, 'a'), (2, 'c')]);
    /// ```
    #[doc(alias = "sort")]
    #[must_use]
    pub fn into_sorted_vec(self) -> Vec<(P, T)> {
        let mut entries = self.heap.into_vec();
        entries.sort_unstable();
        entries.into_iter().map(Entry::into_pair).collect()
    }

    /// Where the first item is for which `key` is true.
    fn position(&self, mut key: impl FnMut(&T) -> bool) -> Option<usize> {
        let entries = self.heap.as_slice().iter().enumerate();
        entries.filter(|(_, entry)| key(&entry.item)).min_by(|(_, a), (_, b)| a.cmp(b)).map(|(at, _)| at)
    }
}

/// Sorts the heap when it is dropped.
struct Sorted<'a, P: Ord, T>(&'a mut Heap<Entry<P, T>>);

impl<P: Ord, T> Drop for Sorted<'_, P, T> {
    fn drop(&mut self) {
        self.0.rebuild();
    }
}

impl<P: Ord, T> Extend<(P, T)> for PriorityQueue<P, T> {
    fn extend<I: IntoIterator<Item = (P, T)>>(&mut self, items: I) {
        for (priority, item) in items {
            self.push(priority, item);
        }
    }
}

impl<P: Ord, T> FromIterator<(P, T)> for PriorityQueue<P, T> {
    fn from_iter<I: IntoIterator<Item = (P, T)>>(items: I) -> Self {
        let mut queue = PriorityQueue::new();
        queue.extend(items);
        queue
    }
}

impl<P, T> Default for PriorityQueue<P, T> {
    fn default() -> Self {
        PriorityQueue::new()
    }
}

/// In any order, as that of `BinaryHeap`.
impl<P: fmt::Debug, T: fmt::Debug> fmt::Debug for PriorityQueue<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.heap.as_slice().iter();
        f.debug_list().entries(entries.map(|entry| (&entry.priority, &entry.item))).finish()
    }
}
