//! [`Sha256`]: the digest of FIPS 180-4, fed piece by piece.

/// What the constants are computed from: they are fractions of roots of primes.
const PRIMES: [u128; 64] = primes();
const ROUNDS: [u32; 64] = fractions(3);
const START: [u32; 8] = fractions(2);

/// A digest in the making.
#[derive(Debug, Clone)]
pub struct Sha256 {
    state: [u32; 8],
    block: [u8; 64],
    filled: usize,
    length: u64,
}

impl Sha256 {
    /// Of nothing yet.
    pub fn new() -> Self {
        Sha256 { state: START, block: [0; 64], filled: 0, length: 0 }
    }

    /// More bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(64 - self.filled));
            self.block[self.filled..self.filled + now.len()].copy_from_slice(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == 64 {
                self.compress();
                self.filled = 0;
            }
        }
    }

    /// The digest of all that came.
    pub fn finish(mut self) -> [u8; 32] {
        let bits = (self.length * 8).to_be_bytes();
        self.update(&[0x80]);
        while self.filled != 56 {
            self.update(&[0]);
        }
        self.update(&bits);
        let mut digest = [0; 32];
        for (bytes, word) in digest.chunks_exact_mut(4).zip(self.state) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        digest
    }

    fn compress(&mut self) {
        let mut words = [0_u32; 64];
        for (word, bytes) in words.iter_mut().zip(self.block.chunks_exact(4)) {
            *word = u32::from_be_bytes(bytes.try_into().expect("chunks of four"));
        }
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let a = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let b = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words[at] = words[at - 16].wrapping_add(a).wrapping_add(words[at - 7]).wrapping_add(b);
        }
        let mut mixed = self.state;
        for (round, word) in ROUNDS.into_iter().zip(words) {
            let [first, second, third, .., last] = mixed;
            let [.., fifth, sixth, seventh, _] = mixed;
            let turned = fifth.rotate_right(6) ^ fifth.rotate_right(11) ^ fifth.rotate_right(25);
            let choice = (fifth & sixth) ^ (!fifth & seventh);
            let one = last.wrapping_add(turned).wrapping_add(choice).wrapping_add(round).wrapping_add(word);
            let turned = first.rotate_right(2) ^ first.rotate_right(13) ^ first.rotate_right(22);
            let majority = (first & second) ^ (first & third) ^ (second & third);
            mixed.rotate_right(1);
            mixed[0] = one.wrapping_add(turned).wrapping_add(majority);
            mixed[4] = mixed[4].wrapping_add(one);
        }
        for (word, more) in self.state.iter_mut().zip(mixed) {
            *word = word.wrapping_add(more);
        }
    }
}

impl Default for Sha256 {
    fn default() -> Self {
        Sha256::new()
    }
}

const fn primes() -> [u128; 64] {
    let mut primes = [0; 64];
    let (mut found, mut candidate) = (0, 2);
    while found < primes.len() {
        let mut divisor = 2;
        while candidate % divisor != 0 {
            divisor += 1;
        }
        if divisor == candidate {
            primes[found] = candidate;
            found += 1;
        }
        candidate += 1;
    }
    primes
}

/// The first 32 bits after the point of the square or cube roots of the first primes.
const fn fractions<const N: usize>(degree: u32) -> [u32; N] {
    let mut fractions = [0; N];
    let mut at = 0;
    while at < N {
        // The root of prime * 2^(32 * degree) is that of the prime, 32 bits further left.
        let power = PRIMES[at] << (32 * degree);
        let (mut low, mut high) = (0_u128, 1_u128 << 37);
        while high - low > 1 {
            let middle = u128::midpoint(low, high);
            if middle.pow(degree) <= power {
                low = middle;
            } else {
                high = middle;
            }
        }
        fractions[at] = (low & 0xffff_ffff) as u32;
        at += 1;
    }
    fractions
}
