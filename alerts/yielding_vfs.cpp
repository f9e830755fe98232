#include "alerts/yielding_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "core/give_way.hpp"

namespace yagura::alerts::sqlite {
namespace {

// SQLite has both in memory of its own for as long as the process lives; a file's own part stands behind that of
// the VFS below, whose methods go on working on it.
sqlite3_vfs* below = nullptr;
sqlite3_vfs ours;

// What a library newer than this header adds behind the methods of this version is not copied.
constexpr int kVersion = 3;

struct OwnPart {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* below;
};

int own_offset() {
  constexpr int kAlign = alignof(OwnPart);
  return (below->szOsFile + kAlign - 1) / kAlign * kAlign;
}

OwnPart* own_part(sqlite3_file* file) {
  return std::launder(reinterpret_cast<OwnPart*>(reinterpret_cast<char*>(file) + own_offset()));
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const int code = own_part(file)->below->xWrite(file, bytes, count, offset);
  const int cause = errno;  // SQLite asks for it when a write has failed
  give_way();
  errno = cause;
  return code;
}

int open(sqlite3_vfs* /*ours*/, const char* name, sqlite3_file* file, int flags, int* flags_had) {
  const int code = below->xOpen(below, name, file, flags, flags_had);
  if (file->pMethods == nullptr) return code;
  auto* own = new (reinterpret_cast<char*>(file) + own_offset()) OwnPart{*file->pMethods, file->pMethods};
  own->methods.iVersion = std::min(own->methods.iVersion, kVersion);
  own->methods.xWrite = write;
  file->pMethods = &own->methods;
  return code;
}

const char* made() {
  below = sqlite3_vfs_find(nullptr);
  if (below == nullptr) return nullptr;
  ours = *below;
  ours.iVersion = std::min(ours.iVersion, kVersion);
  ours.szOsFile = own_offset() + static_cast<int>(sizeof(OwnPart));
  ours.pNext = nullptr;
  ours.zName = "yagura-yielding";
  ours.xOpen = open;
  return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? ours.zName : nullptr;
}

}  // namespace

const char* yielding_vfs() {
  static const char* const name = made();
  return name;
}

}  // namespace yagura::alerts::sqlite
