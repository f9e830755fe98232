#include "feeds/recorder.hpp"

#include <concurrentqueue/concurrentqueue.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "feeds/clean_text.hpp"
#include "feeds/file_compressor.hpp"

namespace yagura::feeds {
namespace {

constexpr auto kNap = std::chrono::milliseconds{20};  // the most a frame waits to be written
constexpr auto kFlushEvery = std::chrono::seconds{1};
constexpr auto kRetryEvery = std::chrono::milliseconds{250};
constexpr std::size_t kUsualFrame = 256;
constexpr std::size_t kKeptRoom = std::size_t{16} << 10;  // an entry that grew beyond gives it back

struct Entry {
  std::string feed;
  FrameDir dir = FrameDir::kIn;
  bool binary = false;
  Timestamp at;
  MonoTime mono;
  std::size_t size = 0;  // of the payload as it came
  std::string payload;
};

}  // namespace

class Recorder::Impl {
 public:
  explicit Impl(Options options)
      : options_(std::move(options)),
        pool_(options_.max_frames),
        free_(options_.max_frames),
        waiting_(options_.max_frames) {
    for (auto& entry : pool_) {
      entry.payload.reserve(kUsualFrame);
      free_.enqueue(&entry);
    }
  }
  ~Impl() { (void)stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start();
  void take(std::string_view feed, FrameDir dir, Frame frame, Timestamp at, MonoTime mono) noexcept;
  Result<void> stop();
  Stats stats() const;

 private:
  void run();
  void work(MonoTime now);
  void drain();
  bool write(Entry& entry);
  void give_back(Entry* entry);
  void end();
  void publish();

  const Options options_;
  std::unique_ptr<RotatingCapture> capture_;  // the thread's
  std::vector<Entry> pool_;
  moodycamel::ConcurrentQueue<Entry*> free_;
  moodycamel::ConcurrentQueue<Entry*> waiting_;
  std::atomic<std::size_t> bytes_waiting_{0};
  std::atomic<std::uint64_t> frames_waiting_{0};
  std::atomic<std::uint64_t> recorded_{0};
  std::atomic<std::uint64_t> lost_{0};

  // The thread's.
  Entry* next_ = nullptr;        // out of the queue, not yet taken by the writer
  std::uint64_t unflushed_ = 0;  // taken by the writer since all was written
  std::uint64_t most_waiting_ = 0;
  std::uint64_t failures_ = 0;
  bool failing_ = false;
  MonoTime flushed_ = std::chrono::steady_clock::now();
  MonoTime tried_{};

  mutable std::mutex mutex_;  // guards the two below; no feed takes it
  std::condition_variable wake_;
  bool stopping_ = false;
  Stats shown_;
  std::optional<FileCompressor> compressor_;
  std::thread thread_;
};

Result<void> Recorder::Impl::start() {
  RotatingCapture::Options capture{options_.file, options_.header, options_.rotation};
  if (options_.rotation.any() && !options_.file.ends_with(".gz")) {
    compressor_.emplace();
    capture.on_finished = [this](const std::string& file) { compressor_->add(file); };
  }
  auto created = RotatingCapture::create(std::move(capture));
  if (!created) return created.error();
  capture_ = *std::move(created);
  publish();
  thread_ = std::thread{[this] { run(); }};
  return {};
}

void Recorder::Impl::take(std::string_view feed, FrameDir dir, Frame frame, Timestamp at, MonoTime mono) noexcept {
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
  entry->mono = mono;
  entry->size = size;
  entry->payload.assign(frame.payload);
  frames_waiting_.fetch_add(1, std::memory_order_relaxed);
  waiting_.enqueue(entry);  // has room for the whole pool
}

void Recorder::Impl::run() {
  for (bool last = false; !last;) {
    {
      std::unique_lock lock{mutex_};
      last = wake_.wait_for(lock, kNap, [this] { return stopping_; });
    }
    work(std::chrono::steady_clock::now());
    publish();
  }
  end();
  publish();
}

// While the disk refuses, frames stay where they are.
void Recorder::Impl::work(MonoTime now) {
  if (failing_) {
    if (now - tried_ < kRetryEvery) return;
    tried_ = now;
    if (!capture_->retry()) return;
    failing_ = false;
    unflushed_ = 0;
  }
  drain();
  if (capture_->error().empty() && now - flushed_ >= kFlushEvery) {
    flushed_ = now;
    if (capture_->flush()) unflushed_ = 0;
  }
  if (!capture_->error().empty()) {
    failing_ = true;
    ++failures_;
    tried_ = now;
  }
}

void Recorder::Impl::drain() {
  most_waiting_ = std::max(most_waiting_, frames_waiting_.load(std::memory_order_relaxed));
  while (capture_->error().empty() && (next_ != nullptr || waiting_.try_dequeue(next_))) {
    if (!write(*next_)) continue;
    give_back(std::exchange(next_, nullptr));
  }
}

// False when the writer did not take it.
bool Recorder::Impl::write(Entry& entry) {
  const auto feed = options_.header.feeds.find(entry.feed);
  if (feed == options_.header.feeds.end()) {
    lost_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  redact_secrets(entry.payload, options_.secrets);
  if (!capture_->write(
          {entry.at, entry.feed, feed->second.vendor, entry.dir, {entry.payload, entry.binary}, entry.mono})) {
    return false;
  }
  ++unflushed_;
  recorded_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Recorder::Impl::give_back(Entry* entry) {
  frames_waiting_.fetch_sub(1, std::memory_order_relaxed);
  bytes_waiting_.fetch_sub(entry->size, std::memory_order_relaxed);
  if (entry->payload.capacity() > kKeptRoom) {
    entry->payload = std::string{};
    entry->payload.reserve(kUsualFrame);
  }
  free_.enqueue(entry);
}

// Everything that can be written is; what cannot is lost.
void Recorder::Impl::end() {
  if (failing_ && capture_->retry()) {
    failing_ = false;
    unflushed_ = 0;
    drain();
  }
  if (capture_->finish()) return;
  recorded_.fetch_sub(unflushed_, std::memory_order_relaxed);
  lost_.fetch_add(unflushed_ + frames_waiting_.exchange(0), std::memory_order_relaxed);
}

void Recorder::Impl::publish() {
  const std::lock_guard lock{mutex_};
  shown_.most_waiting = most_waiting_;
  shown_.failures = failures_;
  shown_.files = capture_->files();
  if (shown_.file != capture_->file()) shown_.file = capture_->file();
  if (shown_.error != capture_->error()) shown_.error = capture_->error();
  if (shown_.warning != capture_->rotation_error()) shown_.warning = capture_->rotation_error();
}

Result<void> Recorder::Impl::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (!shown_.error.empty()) return Error{shown_.error};
  return {};
}

Recorder::Stats Recorder::Impl::stats() const {
  Stats stats;
  {
    const std::lock_guard lock{mutex_};
    stats = shown_;
  }
  stats.recorded = recorded_;
  stats.lost = lost_;
  stats.waiting = frames_waiting_;
  if (compressor_) {
    const auto compressing = compressor_->stats();
    stats.compressed = compressing.compressed;
    if (stats.warning.empty()) stats.warning = compressing.error;
  }
  return stats;
}

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::~Recorder() = default;

Result<std::unique_ptr<Recorder>> Recorder::start(Options options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (const auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<Recorder>{new Recorder{std::move(impl)}};
}

void Recorder::on_frame(std::string_view feed, FrameDir dir, Frame frame, Timestamp at, MonoTime mono) noexcept {
  impl_->take(feed, dir, frame, at, mono);
}
Result<void> Recorder::stop() { return impl_->stop(); }
Recorder::Stats Recorder::stats() const { return impl_->stats(); }

}  // namespace yagura::feeds
