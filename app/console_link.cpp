#include "app/console_link.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "console/terminal/words.hpp"
#include "core/net/clean_text.hpp"
#include "core/net/proxy.hpp"
#include "core/thread_name.hpp"

namespace yagura::app {
namespace {

using Why = ScreenLost::Why;
using Kind = feeds::CloseInfo::Kind;

constexpr std::uint16_t kGoingAway = 1001;
constexpr auto kLook = std::chrono::milliseconds{500};
// A connection that lasted so long was a good one: the next is tried at once.
constexpr auto kProven = std::chrono::seconds{1};

// What helps against a certificate is a key of a feed's settings there, and a variable here.
std::string for_this_command(std::string words) {
  constexpr std::string_view kKey = "ca_file";
  if (const auto at = words.find(kKey); at != std::string::npos) words.replace(at, kKey.size(), "SSL_CERT_FILE");
  return words;
}

ScreenLost lost(Why why, const std::string& name, std::string_view words) {
  using namespace console::terminal;
  return {why, name + ": " + std::string{say(Lang::kEnglish, words)}, {}, words};
}

ScreenLost lost_by(const feeds::CloseInfo& info, const std::string& name) {
  const auto words = net::clean_text(info.text);
  if (info.kind == Kind::kHttp && info.code == 401) return lost(Why::kToken, name, "lost.token");
  if (info.kind == Kind::kHttp && info.code == 503) return {Why::kAway, words, {}};
  if (info.kind == Kind::kHttp || info.kind == Kind::kProtocol)
    return {Why::kRefused, words + "; is that the console of a monitor?", {}};
  if (info.kind == Kind::kTls) return {Why::kRefused, for_this_command(words), {}};
  if (info.kind == Kind::kClosed && info.code == kGoingAway) return lost(Why::kEnding, name, "lost.ended");
  return {Why::kAway, words.starts_with(name) ? words : name + ": " + words, {}};
}

}  // namespace

ConsoleLink::ConsoleLink(ConsoleAddress address, std::string token, ScreenMail& mail)
    : address_(std::move(address)),
      token_(std::move(token)),
      mail_(mail),
      transport_(feeds::make_ws_transport(io_, clock_)),
      backoff_(std::random_device{}()) {
  boost::asio::post(io_, [this] { connect(); });
  thread_ = std::jthread{[this] {
    name_this_thread("link");
    const auto work = boost::asio::make_work_guard(io_);
    io_.run();
  }};
}

ConsoleLink::~ConsoleLink() {
  boost::asio::post(io_, [this] {
    transport_->drop(connection_);
    io_.stop();
  });
  thread_.join();
}

void ConsoleLink::say(std::string text) {
  boost::asio::post(io_, [this, text = std::move(text)] { (void)transport_->send(connection_, text); });
}

void ConsoleLink::try_now() {
  boost::asio::post(io_, [this] { connect(); });
}

void ConsoleLink::connect() {
  if (connection_ != feeds::ConnectionId::kNone) return;
  if (overran_ && !mail_.empty()) return try_after(kLook);
  overran_ = false;
  timer_.cancel();
  began_ = heard_ = clock_.mono();
  auto proxy = net::choose_proxy("", address_.live, [](const char* name) { return std::getenv(name); });
  if (!proxy) return lose({Why::kRefused, proxy.error().message, {}});
  feeds::Transport::ConnectOptions options;
  options.proxy = *std::move(proxy);
  if (!token_.empty()) options.headers.emplace_back("Authorization", "Bearer " + token_);
  connection_ = transport_->connect(address_.live, options, *this);
}

void ConsoleLink::on_open() {
  heard_ = clock_.mono();
  watch_silence();
}

void ConsoleLink::on_frame(feeds::Frame frame, MonoTime complete) {
  heard_ = complete;
  if (complete - began_ > kProven) backoff_.reset();
  if (mail_.put(frame.payload)) return;
  overran_ = true;
  give_up("lost.overrun");
}

void ConsoleLink::on_close(const feeds::CloseInfo& info) {
  connection_ = feeds::ConnectionId::kNone;
  lose(lost_by(info, address_.name()));
}

void ConsoleLink::give_up(std::string_view words) {
  transport_->drop(connection_);
  connection_ = feeds::ConnectionId::kNone;
  lose(lost(Why::kAway, address_.name(), words));
}

void ConsoleLink::lose(ScreenLost lost) {
  const auto wait = std::min(backoff_.next(), kLongestWait);
  lost.next = lost.why == Why::kToken ? feeds::kAfterRefusedUser : wait;
  try_after(lost.next);
  mail_.put(std::move(lost));
}

void ConsoleLink::try_after(Duration wait) {
  timer_.expires_after(wait);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) connect();
  });
}

void ConsoleLink::watch_silence() {
  timer_.expires_after(kLook);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || connection_ == feeds::ConnectionId::kNone) return;
    if (clock_.mono() - heard_ > kSilence) return give_up("lost.silent");
    watch_silence();
  });
}

}  // namespace yagura::app
