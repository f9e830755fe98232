// SQLite's own way to the disk, but each write gives the core away behind it (core/give_way.hpp): the commit of five
// alerts writes some forty pieces within 0.3 ms.
#pragma once

namespace yagura::alerts::sqlite {

// The name to open a connection with; nullptr, which stands for SQLite's own way, when it takes no other. Any thread.
const char* yielding_vfs();

}  // namespace yagura::alerts::sqlite
