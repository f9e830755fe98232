#include "app/snapshot_blob.hpp"

#include <utility>

namespace yagura::app {

Result<SnapshotParts> split(std::int64_t version, std::string blob) {
  if (version == 1) return SnapshotParts{.detectors = std::move(blob), .delivery = {}, .ring = 0, .history = {}};
  if (version < 1 || version > kSnapshotVersion) {
    return Error{"snapshot has layout " + std::to_string(version) + ", this program reads up to " +
                 std::to_string(kSnapshotVersion)};
  }
  SnapshotParts parts;
  auto io = processing::StateIo::reader(blob);
  io(parts.detectors, parts.delivery);
  if (version >= 3) io(parts.ring);
  if (version >= 4) io(parts.history);
  if (!io.ok() || !io.at_end()) return Error{"snapshot does not read back"};
  return parts;
}

}  // namespace yagura::app
