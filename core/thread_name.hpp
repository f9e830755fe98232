// Names the calling thread for top, gdb and perf; 15 characters count.
#pragma once

#include <pthread.h>

namespace yagura {

inline void name_this_thread(const char* name) noexcept { ::pthread_setname_np(::pthread_self(), name); }

}  // namespace yagura
