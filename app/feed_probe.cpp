#include "app/feed_probe.hpp"

#include <fmt/format.h>

#include "feeds/clean_text.hpp"
#include "feeds/url.hpp"
#include "processing/calendar.hpp"

namespace yagura::app {
namespace {

using feeds::ConnectStage;
using feeds::FeedReason;
using feeds::FeedState;
using Stage = FeedProbe::Stage;

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::kLogIn: return "log-in";
    case Stage::kName: return "dns";
    case Stage::kConnect: return "tcp";
    case Stage::kProxy: return "proxy";
    case Stage::kTls: return "tls";
    case Stage::kHttp: return "http";
    case Stage::kSubscribe: return "subscribe";
    case Stage::kData: return "data";
  }
  return "?";
}

constexpr std::string_view kTryKey =
    "check the key (token_env, token_file, password_env) and that it may use this service";

// What to try when a stage failed.
std::string_view remedy_for(Stage stage, FeedReason reason) {
  if (reason == FeedReason::kAuth && stage != Stage::kProxy) return kTryKey;
  switch (stage) {
    case Stage::kLogIn: return "check login_url, and whether the vendor is at work";
    case Stage::kName:
      return "check the name, and this machine's DNS and way to the internet; behind a proxy set HTTPS_PROXY";
    case Stage::kConnect: return "check host and port, and firewalls on the way; behind a proxy set HTTPS_PROXY";
    case Stage::kProxy: return "check proxy, proxy_env or HTTPS_PROXY; NO_PROXY names hosts that need none";
    case Stage::kTls: return "openssl s_client -connect HOST:PORT -servername HOST shows what answers there";
    case Stage::kHttp:
      return reason == FeedReason::kHttp ? "check the path in url; 429 and 503 pass by themselves"
                                         : "check that url leads to a WebSocket server";
    case Stage::kSubscribe: return "check the right-hand sides of symbols, and what the key may see";
    case Stage::kData: return "check the right-hand sides of symbols; --for 60s waits longer";
  }
  return "";
}

std::string describe(const Tick& tick, const std::string& symbol, Timestamp now) {
  std::string text = symbol + " " + to_string(tick.price);
  if (tick.two_sided()) text += " (" + to_string(tick.bid) + " / " + to_string(tick.ask) + ")";
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - tick.ts_event).count();
  return text + " of " + format_utc(tick.ts_event) + fmt::format(", {} ms old", age);
}

}  // namespace

FeedProbe::FeedProbe(const config::Settings& settings, const Clock& clock, std::FILE* out)
    : settings_(settings), feed_(settings.feeds.front()), clock_(clock), out_(out) {
  for (const auto& [ours, theirs] : feed_.symbols) silent_.insert(ours);
}

FeedProbe::Verdict FeedProbe::run(Duration limit) {
  limit_ = limit;
  started_ = clock_.mono();
  FeedThread thread{settings_.feeds,
                    settings_.symbols,
                    {this},
                    clock_,
                    this,
                    &io_,
                    Duration{0},
                    {.on_change = [this](const feeds::FeedStatus& status) { on_change(status); },
                     .on_stage = [this](const ConnectStage& stage) { on_stage(stage); },
                     .on_error =
                         [this](const feeds::FeedStatus& status) {
                           if (!lost_) say("error", status.last_error);
                         }}};
  boost::asio::steady_timer end{io_, limit};
  end.async_wait([this](const boost::system::error_code& error) {
    if (!error) io_.stop();
  });
  thread.start();
  io_.run();
  const auto verdict = judge(thread.status(0));
  lost_ = true;  // what comes now is our own doing
  thread.stop();
  end.cancel();
  io_.restart();
  io_.run_for(std::chrono::milliseconds{300});  // for the goodbye
  return verdict;
}

void FeedProbe::say(std::string_view stage, const std::string& text) {
  const auto passed = std::chrono::duration<double>(clock_.mono() - started_).count();
  fmt::print(out_, "{:8.3f} s  {:<10} {}\n", passed, stage, feeds::clean_text(text, 400));
  std::fflush(out_);
}

void FeedProbe::on_stage(const ConnectStage& stage) {
  if (lost_) return;
  const bool secure = feed_.url.starts_with("wss") || feed_.url.starts_with("https");
  const auto after_way = secure ? Stage::kTls : Stage::kHttp;
  switch (stage.kind) {
    case ConnectStage::Kind::kLogIn: return say("log-in", stage.text);
    case ConnectStage::Kind::kResolved: next_ = Stage::kConnect; return say("dns", stage.text);
    case ConnectStage::Kind::kConnected:
      next_ = feed_.ws_proxy ? Stage::kProxy : after_way;
      return say("tcp", stage.text);
    case ConnectStage::Kind::kTunnel: next_ = after_way; return say("proxy", stage.text);
    case ConnectStage::Kind::kSecured: next_ = Stage::kHttp; return say("tls", stage.text);
    case ConnectStage::Kind::kUpgraded:
      next_ = Stage::kSubscribe;
      opened_ = true;
      return say("http", stage.text + ", the WebSocket is open");
  }
}

void FeedProbe::on_change(const feeds::FeedStatus& status) {
  if (lost_) return;
  if (status.state == FeedState::kSubscribed) {
    next_ = Stage::kData;
    say("subscribe", "confirmed");
  }
  if (status.state != FeedState::kBackoff) return;
  lost_ = true;
  io_.stop();
}

void FeedProbe::on_frame(std::string_view, feeds::FrameDir dir, feeds::Frame frame, Timestamp, MonoTime) noexcept {
  if (dir == feeds::FrameDir::kOut && !lost_) say("sent", std::string{frame.payload});
}

void FeedProbe::on_tick(const Tick& tick) noexcept {
  if (lost_ || enough_) return;
  if (ticks_++ == 0) first_tick_ = clock_.mono() - started_;
  next_ = Stage::kData;
  const auto& symbol = settings_.symbols.name(tick.symbol);
  const bool new_symbol = silent_.erase(symbol) != 0;
  // The first five, and later the first of each symbol.
  if (ticks_ <= kTicksWanted || new_symbol) say("tick", describe(tick, symbol, tick.ts_recv));
  enough_ = ticks_ >= kTicksWanted && silent_.empty();
  if (enough_) io_.stop();
}

// -- The verdict -------------------------------------------------------------------------------

FeedProbe::Verdict FeedProbe::judge(const feeds::FeedStatus& status) const {
  if (ticks_ > 0) {
    const auto first = std::chrono::duration<double>(first_tick_).count();
    auto text = fmt::format("good: {} tick{}, the first after {:.3f} s", ticks_, ticks_ == 1 ? "" : "s", first);
    if (!silent_.empty()) text += fmt::format("; none of {}", fmt::join(silent_, ", "));
    if (lost_) text += "; then the connection was lost: " + status.text;
    return {true, std::move(text)};
  }
  if (lost_) {
    const auto stage = failing_stage(status);
    return failed(stage, status.text, remedy_for(stage, status.reason));
  }
  if (opened_) return without_data(status);
  return failed(next_, "not done within " + format_duration(limit_), remedy_for(next_, status.reason));
}

FeedProbe::Stage FeedProbe::failing_stage(const feeds::FeedStatus& status) const {
  if (status.text.starts_with("log-in: ")) return Stage::kLogIn;
  if (next_ != Stage::kName) return next_;
  switch (status.reason) {  // a stream over HTTP says nothing on its way
    case FeedReason::kDns: return Stage::kName;
    case FeedReason::kProxy: return Stage::kProxy;
    case FeedReason::kTls: return Stage::kTls;
    case FeedReason::kHttp:
    case FeedReason::kAuth: return Stage::kHttp;
    default: return Stage::kConnect;
  }
}

FeedProbe::Verdict FeedProbe::without_data(const feeds::FeedStatus& status) const {
  const auto why = [&](std::string_view what) {
    return fmt::format("{} in {}, {} frame{} received", what, format_duration(limit_), status.frames,
                       status.frames == 1 ? "" : "s");
  };
  const auto opens = markets_open_at(settings_, feed_, clock_.now());
  if (status.vendor_errors > 0 && !opens)
    return failed(Stage::kSubscribe, status.last_error, remedy_for(Stage::kSubscribe, FeedReason::kNone));
  if (status.decode_errors > 0) {
    return failed(Stage::kData, why("nothing that could be read") + "; the last: " + status.last_error,
                  "check that url and vendor belong together");
  }
  if (status.unknown_symbols > 0)
    return failed(Stage::kData, why("ticks, but of other symbols"), remedy_for(Stage::kSubscribe, FeedReason::kNone));
  if (opens) return {true, "connected and subscribed; the market is closed until " + format_utc(*opens)};
  return failed(Stage::kData, why("no tick"), remedy_for(Stage::kData, FeedReason::kNone));
}

FeedProbe::Verdict FeedProbe::failed(Stage stage, const std::string& why, std::string_view remedy) const {
  return {false, fmt::format("feed {} failed at {}: {}; try: {}", feed_.name, name_of(stage), why, remedy)};
}

std::optional<Timestamp> markets_open_at(const config::Settings& settings, const config::FeedSettings& feed,
                                         Timestamp now) {
  constexpr int kMostPieces = 100;  // longer closures are none that a calendar knows
  std::optional<Timestamp> first;
  for (const auto& [ours, theirs] : feed.symbols) {
    const auto kind = settings.monitor.instruments[index_of(*settings.symbols.find(ours))].calendar;
    auto piece = processing::calendar_piece(kind, now);
    if (piece.open) return std::nullopt;
    for (int i = 0; i < kMostPieces && !piece.open; ++i) piece = processing::calendar_piece(kind, piece.to);
    if (!first || piece.from < *first) first = piece.from;
  }
  return first;
}

}  // namespace yagura::app
