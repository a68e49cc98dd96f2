//! [`PriorityQueue`]: the least priority first, equal ones in the order in which they came.

use crate::util::heap::Heap;
use core::{cmp::Ordering, fmt};

#[derive(Debug, Clone)]
struct Entry<P, T> {
    priority: P,
    sequence: u64,
    item: T,
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
/// `P` is any ordered type: a [`Priority`](crate::Priority), a number, a deadline.
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
    #[must_use]
    pub const fn new() -> Self {
        PriorityQueue { heap: Heap::new(), sequence: 0 }
    }

    /// How many items it holds.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

impl<P: Ord, T> PriorityQueue<P, T> {
    /// Adds an item, after those of the same priority.
    pub fn push(&mut self, priority: P, item: T) {
        let sequence = self.sequence;
        self.sequence += 1;
        self.heap.push(Entry { priority, sequence, item }, |_, _| {});
    }

    /// Takes out the first item.
    pub fn pop(&mut self) -> Option<T> {
        self.heap.pop(|_, _| {}).map(|entry| entry.item)
    }
}

impl<P, T> Default for PriorityQueue<P, T> {
    fn default() -> Self {
        PriorityQueue::new()
    }
}

impl<P: fmt::Debug, T: fmt::Debug> fmt::Debug for PriorityQueue<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.heap.as_slice().iter().map(|entry| (&entry.priority, &entry.item)))
            .finish()
    }
}
