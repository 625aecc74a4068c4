//! Plain loops compiled once for each instruction set.

/// Defines functions whose first argument is the [`Isa`](crate::Isa) that their body is compiled for.
///
/// The `Isa` must be one of this machine's, as all that [`Isa::detect`](crate::Isa::detect) gives are.
macro_rules! vectorised {
    ($($(#[$meta:meta])* fn $name:ident $(<$(const $generic:ident: $kind:ty),+>)? (
        $($argument:ident: $type:ty),* $(,)?
    ) $(-> $result:ty)? $body:block)+) => { $(
        $(#[$meta])*
        #[allow(clippy::too_many_arguments, reason = "one more than the caller sees")]
        pub(crate) fn $name $(<$(const $generic: $kind),+>)? (isa: $crate::Isa, $($argument: $type),*) $(-> $result)? {
            #[inline(always)]
            fn plain $(<$(const $generic: $kind),+>)? ($($argument: $type),*) $(-> $result)? $body
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl")]
            fn avx512 $(<$(const $generic: $kind),+>)? ($($argument: $type),*) $(-> $result)? {
                plain $(::<$($generic),+>)? ($($argument),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn avx2 $(<$(const $generic: $kind),+>)? ($($argument: $type),*) $(-> $result)? {
                plain $(::<$($generic),+>)? ($($argument),*)
            }
            match isa {
                // SAFETY: an `Isa` in use here is one of this machine's.
                #[cfg(target_arch = "x86_64")]
                $crate::Isa::Avx512 => unsafe { avx512 $(::<$($generic),+>)? ($($argument),*) },
                // SAFETY: an `Isa` in use here is one of this machine's.
                #[cfg(target_arch = "x86_64")]
                $crate::Isa::Avx2 => unsafe { avx2 $(::<$($generic),+>)? ($($argument),*) },
                _ => plain $(::<$($generic),+>)? ($($argument),*),
            }
        }
    )+ };
}

pub(crate) use vectorised;
