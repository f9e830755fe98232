// 128-bit integers for products of prices; GCC and Clang have them, ISO C++ has not.
#pragma once

namespace yagura {

__extension__ typedef __int128 Int128;            // NOLINT(modernize-use-using)
__extension__ typedef unsigned __int128 UInt128;  // NOLINT(modernize-use-using)

}  // namespace yagura
