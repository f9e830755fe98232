#include "feeds/curl_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <unordered_map>
#include <utility>

#include "feeds/backoff.hpp"  // parse_retry_after
#include "feeds/curl_loop.hpp"
#include "feeds/curl_transfer.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxLine = std::size_t{1} << 20;
constexpr std::size_t kMaxHead = std::size_t{64} << 10;
constexpr std::size_t kTypicalLine = 4 * 1024;

class Streams;

// `handler` is null once nobody is to be told.
class Stream final : public CurlTransfer {
 public:
  Stream(Streams& owner, const Clock& clock, ConnectionId id, TransportHandler& handler, asio::io_context& io)
      : owner_(owner), clock_(clock), id_(id), handler_(&handler), deadline_(io) {
    partial_.reserve(kTypicalLine);
  }
  // Runs `call` unless the stream opens or ends before; a call that is on its way comes all the same.
  template <class Call>
  void after(Duration limit, Call call);
  [[nodiscard]] bool opened() const { return opened_; }
  using CurlTransfer::timed_out;
  [[nodiscard]] TransportHandler* detach() { return std::exchange(handler_, nullptr); }
  void on_end(CURLcode code) override;

 private:
  bool on_header(std::string_view line) override;
  bool on_body(std::string_view bytes) override;
  bool end_of_head();
  bool keep(std::string_view part);
  bool frames(std::string_view bytes);
  void frame(std::string_view line, MonoTime complete);
  bool fail(CloseInfo why) {
    failure_ = std::move(why);
    return false;
  }
  template <class Call>
  bool guarded(Call call);

  Streams& owner_;
  const Clock& clock_;
  const ConnectionId id_;
  TransportHandler* handler_;
  asio::steady_timer deadline_;
  bool opened_ = false;
  std::size_t head_size_ = 0;
  std::string status_line_;
  std::optional<Duration> retry_after_;
  std::string partial_;               // of a line whose end has not come
  std::optional<CloseInfo> failure_;  // we ended it ourselves
};

class Streams final : public Transport {
 public:
  Streams(asio::io_context& io, const Clock& clock) : io_(io), clock_(clock) {}
  ~Streams() override {
    *alive_ = false;
    for (auto& [id, stream] : std::exchange(streams_, {})) discard(std::move(stream));
  }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  Result<void> load_ca(const std::string& ca_file) override {
    auto made = make_tls_context(ca_file);
    if (!made) return made.error();
    if (ca_file.empty()) system_trust_ = std::move(*made);  // libcurl reads other files by itself
    return {};
  }
  ConnectionId connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) override;
  bool send(ConnectionId, std::string_view) override { return false; }
  void close(ConnectionId id) override { drop(id); }
  void drop(ConnectionId id) override {
    if (auto stream = take(id)) discard(std::move(stream));
  }
  void finish(ConnectionId id, const CloseInfo& info);

 private:
  Result<void, CloseInfo> start(Stream& stream, const Url& url, const ConnectOptions& options);
  void expired(ConnectionId id, Duration limit) {
    const auto found = streams_.find(id);
    if (found != streams_.end() && !found->second->opened()) finish(id, found->second->timed_out(limit));
  }
  std::unique_ptr<Stream> take(ConnectionId id) {
    const auto found = streams_.find(id);
    if (found == streams_.end()) return nullptr;
    auto stream = std::move(found->second);
    streams_.erase(found);
    return stream;
  }
  void discard(std::unique_ptr<Stream> stream) {
    (void)stream->detach();
    loop_->discard(std::move(stream));
  }

  asio::io_context& io_;
  const Clock& clock_;
  std::shared_ptr<CurlLoop> loop_;
  TlsContext system_trust_;  // null until needed
  std::unordered_map<ConnectionId, std::unique_ptr<Stream>> streams_;
  std::uint64_t last_id_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

// Runs a call of the handler's; what it throws ends this stream alone. False: read no further.
template <class Call>
bool Stream::guarded(Call call) {
  if (handler_ == nullptr) return false;
  try {
    call(*handler_);
  } catch (const std::exception& fault) {
    return fail({CloseInfo::Kind::kReset, 0, {}, std::string{"internal error: "} + fault.what()});
  }
  return handler_ != nullptr;
}

template <class Call>
void Stream::after(Duration limit, Call call) {
  deadline_.expires_after(limit);
  deadline_.async_wait([call](const boost::system::error_code& error) {
    if (!error) call();
  });
}

bool Stream::on_header(std::string_view line) {
  head_size_ += line.size();
  if (head_size_ > kMaxHead) {
    return fail({CloseInfo::Kind::kProtocol, 0, {}, authority() + ": its headers are over 64 KiB"});
  }
  if (line.empty()) return end_of_head();
  if (line.starts_with("HTTP/")) {
    status_line_ = line;
    return true;
  }
  const auto [name, value] = split_header(line);
  const HttpHeaders header{{std::string{name}, std::string{value}}};
  if (const auto wait = find_header(header, "Retry-After"); !wait.empty())
    retry_after_ = parse_retry_after(wait, clock_.now());
  return true;
}

bool Stream::end_of_head() {
  const int code = status();
  if (code < 200) return true;  // an interim answer
  if (code != 200) {
    const auto words = status_line_.substr(std::min(status_line_.find(' '), status_line_.size()));
    return fail(
        {CloseInfo::Kind::kHttp, static_cast<std::uint16_t>(code), retry_after_, authority() + ": HTTP" + words});
  }
  opened_ = true;
  deadline_.cancel();
  return guarded([](TransportHandler& handler) {
    handler.on_stage({ConnectStage::Kind::kUpgraded, "HTTP 200"});
    handler.on_open();
  });
}

bool Stream::on_body(std::string_view bytes) {
  if (!frames(bytes)) return false;
  return guarded([](TransportHandler& handler) { handler.on_frames_end(); });
}

bool Stream::frames(std::string_view bytes) {
  const MonoTime complete = clock_.mono();
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    const auto head = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (partial_.empty()) {
      frame(head, complete);
    } else {
      if (!keep(head)) return false;
      frame(partial_, complete);
      partial_.clear();
    }
    if (handler_ == nullptr || failure_) return false;
  }
  return keep(bytes);
}

bool Stream::keep(std::string_view part) {
  if (partial_.size() + part.size() > kMaxLine) {
    return fail({CloseInfo::Kind::kProtocol, 0, {}, authority() + ": sent a line over 1 MiB"});
  }
  partial_.append(part);
  return true;
}

void Stream::frame(std::string_view line, MonoTime complete) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  (void)guarded([&](TransportHandler& handler) {
    if (line.empty()) return handler.on_ping();
    handler.on_frame({line, false}, complete);
  });
}

void Stream::on_end(CURLcode code) {
  if (failure_) return owner_.finish(id_, *failure_);
  if (code != CURLE_OK) return owner_.finish(id_, failure(code));
  owner_.finish(id_, {CloseInfo::Kind::kClosed, 0, {}, authority() + ": the stream ended"});
}

ConnectionId Streams::connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) {
  const ConnectionId id{++last_id_};
  if (!loop_) loop_ = std::make_shared<CurlLoop>(io_);
  auto& stream = *(streams_[id] = std::make_unique<Stream>(*this, clock_, id, handler, io_));
  stream.after(options.handshake_timeout, [this, alive = alive_, id, limit = options.handshake_timeout] {
    if (*alive) expired(id, limit);
  });
  if (const auto started = start(stream, url, options); !started) {
    asio::post(io_, [this, alive = alive_, id, why = started.error()] {
      if (*alive) finish(id, why);
    });
  }
  return id;
}

Result<void, CloseInfo> Streams::start(Stream& stream, const Url& url, const ConnectOptions& options) {
  using Kind = CloseInfo::Kind;
  if (url.secure && options.ca_file.empty() && !system_trust_) {
    if (auto loaded = load_ca({}); !loaded) return CloseInfo{Kind::kTls, 0, {}, loaded.error().message};
  }
  const auto prepared = stream.prepare({.url = url,
                                        .method = "GET",
                                        .headers = options.headers,
                                        .body = {},
                                        .ca_file = options.ca_file,
                                        .system_trust = system_trust_,
                                        .proxy = options.proxy,
                                        .timeout = {}});
  if (!prepared) return CloseInfo{Kind::kProtocol, 0, {}, prepared.error().message};
  if (!loop_->start(stream)) return CloseInfo{Kind::kReset, 0, {}, "internal error: libcurl takes no more streams"};
  return {};
}

void Streams::finish(ConnectionId id, const CloseInfo& info) {
  auto stream = take(id);
  if (!stream) return;
  auto* const handler = stream->detach();
  const CloseInfo last = info;  // it may be the stream's
  loop_->discard(std::move(stream));
  if (handler != nullptr) handler->on_close(last);
}

}  // namespace

std::unique_ptr<Transport> make_http_transport(asio::io_context& io, const Clock& clock) {
  return std::make_unique<Streams>(io, clock);
}

}  // namespace yagura::feeds
