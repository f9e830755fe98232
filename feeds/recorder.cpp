#include "feeds/recorder.hpp"

#include <concurrentqueue/concurrentqueue.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "feeds/clean_text.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kNap = std::chrono::milliseconds{20};  // the most a frame waits to be written
constexpr auto kFlushEvery = std::chrono::seconds{1};
constexpr std::size_t kUsualFrame = 512;
constexpr std::size_t kKeptRoom = std::size_t{16} << 10;  // an entry that grew beyond gives it back

struct Entry {
  std::string feed;
  FrameDir dir = FrameDir::kIn;
  bool binary = false;
  Timestamp at;
  std::string payload;
};

}  // namespace

class Recorder::Impl {
 public:
  Impl(Options options, std::unique_ptr<CaptureWriter> writer)
      : options_(std::move(options)),
        writer_(std::move(writer)),
        pool_(options_.max_frames),
        free_(options_.max_frames),
        waiting_(options_.max_frames) {
    for (auto& entry : pool_) {
      entry.payload.reserve(kUsualFrame);
      free_.enqueue(&entry);
    }
    thread_ = std::thread{[this] { run(); }};
  }
  ~Impl() { (void)stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void take(std::string_view feed, FrameDir dir, Frame frame, Timestamp at) noexcept;
  Result<void> stop();
  Stats stats() const;

 private:
  void run();
  void drain();
  void write(Entry& entry);
  void give_back(Entry* entry);
  void set_error();

  const Options options_;
  std::unique_ptr<CaptureWriter> writer_;  // the thread's
  std::vector<Entry> pool_;
  moodycamel::ConcurrentQueue<Entry*> free_;
  moodycamel::ConcurrentQueue<Entry*> waiting_;
  std::atomic<std::size_t> bytes_waiting_{0};
  std::atomic<std::uint64_t> recorded_{0};
  std::atomic<std::uint64_t> lost_{0};
  mutable std::mutex mutex_;  // guards the two below; no feed takes it
  std::condition_variable wake_;
  bool stopping_ = false;
  std::string error_;
  std::thread thread_;
};

void Recorder::Impl::take(std::string_view feed, FrameDir dir, Frame frame, Timestamp at) noexcept {
  Entry* entry = nullptr;
  const auto size = frame.payload.size();
  if (bytes_waiting_.fetch_add(size, std::memory_order_relaxed) + size > options_.max_bytes ||
      !free_.try_dequeue(entry)) {
    bytes_waiting_.fetch_sub(size, std::memory_order_relaxed);
    lost_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  entry->feed.assign(feed);
  entry->dir = dir;
  entry->binary = frame.binary;
  entry->at = at;
  entry->payload.assign(frame.payload);
  waiting_.enqueue(entry);  // has room for the whole pool
}

void Recorder::Impl::run() {
  auto flushed = std::chrono::steady_clock::now();
  for (bool last = false; !last;) {
    {
      std::unique_lock lock{mutex_};
      last = wake_.wait_for(lock, kNap, [this] { return stopping_; });
    }
    drain();
    if (const auto now = std::chrono::steady_clock::now(); now - flushed >= kFlushEvery) {
      flushed = now;
      if (!writer_->flush()) set_error();
    }
  }
  if (!writer_->close()) set_error();
}

void Recorder::Impl::drain() {
  Entry* entry = nullptr;
  while (waiting_.try_dequeue(entry)) {
    bytes_waiting_.fetch_sub(entry->payload.size(), std::memory_order_relaxed);
    write(*entry);
    give_back(entry);
  }
}

void Recorder::Impl::write(Entry& entry) {
  const auto feed = options_.header.feeds.find(entry.feed);
  if (feed == options_.header.feeds.end()) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  redact_secrets(entry.payload, options_.secrets);
  if (writer_->write({entry.at, entry.feed, feed->second.vendor, entry.dir, {entry.payload, entry.binary}})) {
    recorded_.fetch_add(1, std::memory_order_relaxed);
  } else {
    lost_.fetch_add(1, std::memory_order_relaxed);
    set_error();
  }
}

void Recorder::Impl::give_back(Entry* entry) {
  if (entry->payload.capacity() > kKeptRoom) {
    entry->payload = std::string{};
    entry->payload.reserve(kUsualFrame);
  }
  free_.enqueue(entry);
}

void Recorder::Impl::set_error() {
  const std::lock_guard lock{mutex_};
  if (error_.empty()) error_ = writer_->error();
}

Result<void> Recorder::Impl::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!error_.empty()) return Error{error_};
  return {};
}

Recorder::Stats Recorder::Impl::stats() const {
  Stats stats;
  stats.recorded = recorded_;
  stats.lost = lost_;
  const std::lock_guard lock{mutex_};
  stats.error = error_;
  return stats;
}

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::~Recorder() = default;

Result<std::unique_ptr<Recorder>> Recorder::start(Options options) {
  auto writer = CaptureWriter::create(options.file, options.header);
  if (!writer) return writer.error();
  return std::unique_ptr<Recorder>{new Recorder{std::make_unique<Impl>(std::move(options), std::move(*writer))}};
}

void Recorder::on_frame(std::string_view feed, FrameDir dir, Frame frame, Timestamp at) noexcept {
  impl_->take(feed, dir, frame, at);
}
Result<void> Recorder::stop() { return impl_->stop(); }
Recorder::Stats Recorder::stats() const { return impl_->stats(); }

}  // namespace yagura::feeds
