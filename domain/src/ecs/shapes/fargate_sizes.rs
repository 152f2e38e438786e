//! The task sizes that Fargate offers: which memory goes with which CPU, and on which operating system.
//!
//! Source: the Fargate task size table of the Amazon ECS developer guide and the schema of cfn-lint's rule E3047, which
//! agree (2026-11). The API model's prose stops at 16 vCPU and is behind both.

/// A CPU size with the memory sizes that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FargateSize {
    /// CPU units; 1024 are one vCPU.
    pub cpu: i64,
    /// Memory sizes in MiB, ascending.
    pub memory: &'static [i64],
    /// Whether Windows tasks can have this size; Linux tasks can have every size.
    pub windows: bool,
    /// Fargate platform version it needs at least, where any will not do.
    pub min_platform_version: Option<&'static str>,
}

/// Every size, ascending by CPU.
pub static SIZES: [FargateSize; 8] = [
    FargateSize { cpu: 256, memory: &[512, 1024, 2048], windows: false, min_platform_version: None },
    FargateSize { cpu: 512, memory: &[1024, 2048, 3072, 4096], windows: false, min_platform_version: None },
    FargateSize { cpu: 1024, memory: &steps::<7>(2048, 1024), windows: true, min_platform_version: None },
    FargateSize { cpu: 2048, memory: &steps::<13>(4096, 1024), windows: true, min_platform_version: None },
    FargateSize { cpu: 4096, memory: &steps::<23>(8192, 1024), windows: true, min_platform_version: None },
    FargateSize {
        cpu: 8192,
        memory: &steps::<12>(16384, 4096),
        windows: false,
        min_platform_version: Some("1.4.0"),
    },
    FargateSize {
        cpu: 16384,
        memory: &steps::<12>(32768, 8192),
        windows: false,
        min_platform_version: Some("1.4.0"),
    },
    FargateSize {
        cpu: 32768,
        memory: &[61440, 122_880, 249_856],
        windows: false,
        min_platform_version: Some("1.4.0"),
    },
];

/// `N` sizes from `first` on in equal steps.
const fn steps<const N: usize>(first: i64, step: i64) -> [i64; N] {
    let mut sizes = [first; N];
    let mut position = 1;
    while position < N {
        sizes[position] = sizes[position - 1] + step;
        position += 1;
    }
    sizes
}

/// The size with so many CPU units.
pub fn size(cpu: i64) -> Option<&'static FargateSize> {
    SIZES.iter().find(|size| size.cpu == cpu)
}

/// The memory sizes in MiB that go with so many CPU units; none where Fargate has no such CPU size.
pub fn memory_for(cpu: i64) -> Option<&'static [i64]> {
    size(cpu).map(|size| size.memory)
}

/// Whether Fargate offers that pair to tasks of that operating system.
pub fn offers(cpu: i64, memory: i64, windows: bool) -> bool {
    size(cpu).is_some_and(|size| size.memory.contains(&memory) && (size.windows || !windows))
}

/// The smallest size with at least that CPU and memory: what to write instead of a pair that is not offered.
pub fn smallest_with(cpu: i64, memory: i64, windows: bool) -> Option<(i64, i64)> {
    SIZES.iter().filter(|size| size.cpu >= cpu && (size.windows || !windows)).find_map(|size| {
        size.memory.iter().find(|offered| **offered >= memory).map(|offered| (size.cpu, *offered))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_every_row_are_those_of_the_table() {
        let ends: Vec<_> = SIZES
            .iter()
            .map(|size| {
                (size.cpu, size.memory.len(), size.memory[0], *size.memory.last().expect("not empty"))
            })
            .collect();
        assert_eq!(
            ends,
            [
                (256, 3, 512, 2048),
                (512, 4, 1024, 4096),
                (1024, 7, 2048, 8192),
                (2048, 13, 4096, 16384),
                (4096, 23, 8192, 30720),
                (8192, 12, 16384, 61440),
                (16384, 12, 32768, 122_880),
                (32768, 3, 61440, 249_856),
            ]
        );
        assert!(SIZES.iter().all(|size| size.memory.is_sorted_by(|one, next| one < next)));
    }

    #[test]
    fn memory_goes_with_cpu() {
        assert_eq!(memory_for(256), Some(&[512, 1024, 2048][..]));
        assert_eq!(memory_for(300), None);
        assert!(offers(8192, 20480, false) && !offers(8192, 17408, false));
    }

    #[test]
    fn windows_has_three_cpu_sizes() {
        assert!(offers(1024, 2048, true) && !offers(256, 512, true) && !offers(8192, 16384, true));
    }

    #[test]
    fn the_smallest_size_that_is_large_enough_is_found() {
        assert_eq!(smallest_with(256, 4096, false), Some((512, 4096)));
        assert_eq!(smallest_with(0, 500, true), Some((1024, 2048)));
        assert_eq!(smallest_with(8192, 130_000, false), Some((32768, 249_856)));
        assert_eq!(smallest_with(32768, 249_857, false), None);
    }
}
