// Long work that nobody waits for, such as storing, and a thread on the same core that ticks come to: the kernel lets
// whoever has begun go on for up to milliseconds. So such work gives its core away between its pieces.
#pragma once

namespace yagura {

// Of the calling thread: a transaction, say, begins.
void begin_long_work() noexcept;

// To whoever waits for this core; a system call of 0.3 us when nobody does. Threads of ours give it back in far less
// than a millisecond. Another program keeps it for all of its time slice and would at each piece, so once that happened
// nothing is given away any more until the next begin_long_work().
void give_way() noexcept;

}  // namespace yagura
