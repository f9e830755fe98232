#include "feeds/curl_http.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <unordered_map>
#include <utility>

#include "feeds/curl_loop.hpp"
#include "feeds/curl_transfer.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxBody = std::size_t{64} << 10;
constexpr std::size_t kMaxHead = std::size_t{64} << 10;

class Caller;

class Call final : public CurlTransfer {
 public:
  Call(Caller& caller, HttpCaller::CallId id, HttpCaller::Done done)
      : caller_(caller), id_(id), done_(std::move(done)) {}
  void on_end(CURLcode code) override;
  [[nodiscard]] HttpCaller::Done take_done() { return std::move(done_); }

 private:
  bool on_header(std::string_view line) override;
  bool on_body(std::string_view bytes) override;
  [[nodiscard]] HttpOutcome outcome(CURLcode code);

  Caller& caller_;
  const HttpCaller::CallId id_;
  HttpCaller::Done done_;
  HttpAnswer answer_;
  std::size_t head_size_ = 0;
  const char* refused_ = nullptr;  // why we ended it ourselves
};

class Caller final : public HttpCaller {
 public:
  explicit Caller(asio::io_context& io) : io_(io) {}
  ~Caller() override {
    *alive_ = false;
    for (auto& [id, call] : std::exchange(calls_, {})) loop_->discard(std::move(call));
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  CallId call(const std::string& address, const HttpCall& call, const Options& options, Done done) override;
  void cancel(CallId id) override {
    if (const auto found = calls_.find(id); found != calls_.end()) {
      loop_->discard(std::move(found->second));
      calls_.erase(found);
    }
  }
  void finish(CallId id, HttpOutcome outcome);

 private:
  Result<void, CloseInfo> start(Call& transfer, const std::string& address, const HttpCall& call,
                                const Options& options);

  asio::io_context& io_;
  std::shared_ptr<CurlLoop> loop_;
  TlsContext system_trust_;  // null until needed
  std::unordered_map<CallId, std::unique_ptr<Call>> calls_;
  std::uint64_t last_id_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

bool Call::on_header(std::string_view line) {
  head_size_ += line.size();
  if (head_size_ > kMaxHead) refused_ = "its headers are over 64 KiB";
  if (line.starts_with("HTTP/")) {
    answer_.headers.clear();  // of an interim answer
  } else if (!line.empty() && refused_ == nullptr) {
    const auto [name, value] = split_header(line);
    answer_.headers.emplace_back(name, value);
  }
  return refused_ == nullptr;
}

bool Call::on_body(std::string_view bytes) {
  if (answer_.body.size() + bytes.size() > kMaxBody) {
    refused_ = "its body is over 64 KiB";
    return false;
  }
  answer_.body.append(bytes);
  return true;
}

HttpOutcome Call::outcome(CURLcode code) {
  if (refused_ != nullptr)
    return {{}, {CloseInfo::Kind::kProtocol, 0, {}, authority() + ": answer refused, " + refused_}};
  if (code != CURLE_OK) return {{}, failure(code)};
  answer_.status = status();
  return {std::move(answer_), {}};
}

void Call::on_end(CURLcode code) { caller_.finish(id_, outcome(code)); }

HttpCaller::CallId Caller::call(const std::string& address, const HttpCall& call, const Options& options, Done done) {
  const CallId id{++last_id_};
  if (!loop_) loop_ = std::make_shared<CurlLoop>(io_);
  auto& transfer = calls_[id] = std::make_unique<Call>(*this, id, std::move(done));
  if (const auto started = start(*transfer, address, call, options); !started) {
    asio::post(io_, [this, alive = alive_, id, failure = started.error()] {
      if (*alive) finish(id, {{}, failure});
    });
  }
  return id;
}

Result<void, CloseInfo> Caller::start(Call& transfer, const std::string& address, const HttpCall& call,
                                      const Options& options) {
  using Kind = CloseInfo::Kind;
  auto url = parse_url(address, Carrier::kHttp);
  if (!url) return CloseInfo{Kind::kProtocol, 0, {}, url.error().message};
  url->target = call.target;
  if (url->secure && options.ca_file.empty() && !system_trust_) {
    auto made = make_tls_context({});
    if (!made) return CloseInfo{Kind::kTls, 0, {}, made.error().message};
    system_trust_ = std::move(*made);
  }
  const auto prepared = transfer.prepare({.url = std::move(*url),
                                          .method = call.method,
                                          .headers = call.headers,
                                          .body = call.body,
                                          .ca_file = options.ca_file,
                                          .system_trust = system_trust_,
                                          .proxy = options.proxy,
                                          .timeout = options.timeout});
  if (!prepared) return CloseInfo{Kind::kProtocol, 0, {}, prepared.error().message};
  if (!loop_->start(transfer)) return CloseInfo{Kind::kReset, 0, {}, "internal error: libcurl takes no more calls"};
  return {};
}

void Caller::finish(CallId id, HttpOutcome outcome) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;  // cancelled
  const auto call = std::move(found->second);
  calls_.erase(found);
  call->take_done()(std::move(outcome));
}

}  // namespace

std::unique_ptr<HttpCaller> make_http_caller(asio::io_context& io) { return std::make_unique<Caller>(io); }

}  // namespace yagura::feeds
