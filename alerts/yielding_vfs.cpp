#include "alerts/yielding_vfs.hpp"

#include <sqlite3.h>

#include <new>

#include "core/give_way.hpp"

namespace yagura::alerts::sqlite {
namespace {

// SQLite has both in memory of its own for as long as the process lives; a file's own part stands behind that of
// the VFS below, whose methods go on working on it.
sqlite3_vfs* below = nullptr;
sqlite3_vfs ours;

struct OwnPart {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* below;
};

OwnPart* own_part(sqlite3_file* file) {
  return std::launder(reinterpret_cast<OwnPart*>(reinterpret_cast<char*>(file) + below->szOsFile));
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const int code = own_part(file)->below->xWrite(file, bytes, count, offset);
  give_way();
  return code;
}

int open(sqlite3_vfs* /*ours*/, const char* name, sqlite3_file* file, int flags, int* flags_had) {
  const int code = below->xOpen(below, name, file, flags, flags_had);
  if (file->pMethods == nullptr) return code;
  auto* own = new (reinterpret_cast<char*>(file) + below->szOsFile) OwnPart{*file->pMethods, file->pMethods};
  own->methods.xWrite = write;
  file->pMethods = &own->methods;
  return code;
}

const char* made() {
  below = sqlite3_vfs_find(nullptr);
  if (below == nullptr) return nullptr;
  ours = *below;
  static_assert(alignof(OwnPart) <= 8);
  ours.szOsFile += static_cast<int>(sizeof(OwnPart));
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
