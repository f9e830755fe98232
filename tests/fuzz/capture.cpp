// Fuzz target of the capture reader: the input is the file. Whatever it is, reading ends; what was
// read can be written and comes back the same.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "feeds/capture.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace yagura::feeds {
namespace {

using fuzz::require;

// A file in memory, with a name.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes = {}) : fd_(::memfd_create("capture", MFD_CLOEXEC)) {
    require(fd_ >= 0, "no memory file");
    require(::write(fd_, bytes.data(), bytes.size()) == static_cast<::ssize_t>(bytes.size()), "no room in memory");
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string name() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

struct Record {
  explicit Record(const CaptureRecord& from)
      : ts(from.ts),
        mono(from.mono),
        feed(from.feed),
        vendor(from.vendor),
        dir(from.dir),
        payload(from.frame.payload),
        binary(from.frame.binary) {}
  bool operator==(const Record&) const = default;
  Timestamp ts;
  std::optional<MonoTime> mono;
  std::string feed, vendor;
  FrameDir dir;
  std::string payload;
  bool binary;
};

struct Contents {
  CaptureHeader header;
  std::vector<Record> records;
  bool is_capture = false;
};

Contents read(const std::string& file, std::size_t size) {
  Contents contents;
  const auto reader = CaptureReader::open(file);
  if (!reader) {
    require(!reader.error().message.empty(), "refused without a word");
    return contents;
  }
  contents.is_capture = true;
  contents.header = (*reader)->header();
  std::uint64_t line = 1;
  CaptureRecord record;
  for (auto got = (*reader)->next(record); got != CaptureRead::kEnd; got = (*reader)->next(record)) {
    require((*reader)->line_number() > line, "a line twice");
    line = (*reader)->line_number();
    if (got == CaptureRead::kRecord) {
      contents.records.emplace_back(record);
    } else {
      require(!(*reader)->problem().empty(), "damage without a word");
    }
  }
  // Gzip can hold a thousand times its size, and a line has two bytes at least.
  require(line <= 2 + size * 1'100, "more lines than bytes");
  return contents;
}

void write(const Contents& contents, const std::string& file) {
  auto writer = CaptureWriter::create(file, contents.header);
  require(static_cast<bool>(writer), "cannot be written");
  for (const auto& record : contents.records) {
    require((*writer)->write(
                {record.ts, record.feed, record.vendor, record.dir, {record.payload, record.binary}, record.mono}),
            "a record cannot be written");
  }
  require((*writer)->close(), "cannot be closed");
}

bool same(const CaptureHeader& a, const CaptureHeader& b) {
  return a.created == b.created &&
         std::equal(a.feeds.begin(), a.feeds.end(), b.feeds.begin(), b.feeds.end(), [](const auto& x, const auto& y) {
           return x.first == y.first && x.second.vendor == y.second.vendor && x.second.symbols == y.second.symbols;
         });
}

void run(std::string_view input) {
  const MemoryFile file{input};
  const auto contents = read(file.name(), input.size());
  if (!contents.is_capture) return;
  const MemoryFile copy;
  write(contents, copy.name());
  const auto again = read(copy.name(), input.size() * 8 + 1'024);
  require(again.is_capture && same(again.header, contents.header), "another header after writing");
  require(again.records == contents.records, "other records after writing");
}

}  // namespace
}  // namespace yagura::feeds

std::vector<std::string> yagura::fuzz::fuzz_seeds() { return {}; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yagura::feeds::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
