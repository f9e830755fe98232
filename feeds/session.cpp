#include "feeds/session.hpp"

#include <algorithm>

#include "feeds/clean_text.hpp"
#include "feeds/vendor_tick.hpp"

namespace yagura::feeds {
namespace {

// Between the starts of two attempts: a server that sends one tick and hangs up is not hammered,
// and a feed that drops is still tried again within 300 ms.
constexpr Duration kLeastBetweenAttempts = std::chrono::milliseconds{200};
// An error frame and then no tick for so long: the subscription was refused, although pings may
// keep the connection looking alive.
constexpr Duration kRefusalPatience = std::chrono::seconds{10};
// What was waiting in the socket while this process stood still is read before silence is believed.
constexpr Duration kSecondLook = std::chrono::milliseconds{20};
// Waiting for their turn; a subscription is one a symbol at most.
constexpr std::size_t kMostCommands = 4096;
constexpr Duration kLeastBetweenErrorTexts = std::chrono::seconds{1};
constexpr std::string_view kVendorError = "vendor error";  // how codecs begin what the vendor reported

FeedReason reason_of(const CloseInfo& info) {
  switch (info.kind) {
    case CloseInfo::Kind::kRefused: return FeedReason::kRefused;
    case CloseInfo::Kind::kTimeout: return FeedReason::kTimeout;
    case CloseInfo::Kind::kDns: return FeedReason::kDns;
    case CloseInfo::Kind::kProxy: return info.code == 407 ? FeedReason::kAuth : FeedReason::kProxy;
    case CloseInfo::Kind::kTls: return FeedReason::kTls;
    case CloseInfo::Kind::kHttp: return info.code == 401 || info.code == 403 ? FeedReason::kAuth : FeedReason::kHttp;
    case CloseInfo::Kind::kReset:
    case CloseInfo::Kind::kClosed: return FeedReason::kSocketClosed;
    case CloseInfo::Kind::kProtocol: return FeedReason::kGarbage;
  }
  return FeedReason::kSocketClosed;
}

std::vector<std::string> spellings(const std::vector<FeedSymbol>& symbols) {
  std::vector<std::string> names;
  names.reserve(symbols.size());
  for (const auto& symbol : symbols) names.push_back(symbol.theirs);
  return names;
}

std::string milliseconds_text(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

}  // namespace

VendorSymbols::VendorSymbols(std::vector<FeedSymbol> symbols) : sorted_(std::move(symbols)) {
  std::stable_sort(sorted_.begin(), sorted_.end(), [](const auto& a, const auto& b) { return a.theirs < b.theirs; });
}

std::size_t VendorSymbols::find(std::string_view theirs) noexcept {
  if (latest_ < sorted_.size() && sorted_[latest_].theirs == theirs) return latest_;
  const auto found =
      std::lower_bound(sorted_.begin(), sorted_.end(), theirs,
                       [](const FeedSymbol& symbol, std::string_view name) { return symbol.theirs < name; });
  if (found == sorted_.end() || found->theirs != theirs) return kUnknown;
  return latest_ = static_cast<std::size_t>(found - sorted_.begin());
}

FeedSession::FeedSession(Options options, std::unique_ptr<Codec> codec, Context context)
    : options_(std::move(options)),
      subscription_(spellings(options_.symbols)),
      codec_(std::move(codec)),
      context_(std::move(context)),
      symbols_(options_.symbols),
      gap_pending_(symbols_.size(), 0),
      board_(options_.name, options_.url.redacted()),
      backoff_(options_.seed),
      retry_timer_(context_.io),
      command_timer_(context_.io),
      watch_timer_(context_.io),
      alive_(std::make_shared<char>()) {
  if (context_.pacer == nullptr) context_.pacer = &own_pacer_;
  decoded_.ticks.reserve(64);
}

FeedSession::~FeedSession() {
  context_.on_change = nullptr;
  stop();
}

void FeedSession::start() {
  if (board_.state() != FeedState::kStopped) return;
  backoff_.reset();
  (void)backoff_.next();  // the attempt being made now
  attempt();
}

void FeedSession::stop() {
  if (is_open() && codec_->command_spacing() == Duration{0}) {
    for (const auto& text : codec_->unsubscribe(subscription_)) transmit(text);
  }
  alive_ = std::make_shared<char>();
  if (const auto call = std::exchange(call_, HttpCaller::CallId::kNone); call != HttpCaller::CallId::kNone)
    context_.http->cancel(call);
  retry_timer_.cancel();
  command_timer_.cancel();
  watch_timer_.cancel();
  commands_.clear();
  context_.client.close(std::exchange(connection_, ConnectionId::kNone));
  board_.explain(FeedReason::kNone, {});
  enter(FeedState::kStopped);
}

void FeedSession::restart(std::string_view why, std::optional<std::uint64_t> connection) {
  if (!is_open() || (connection && *connection != board_.connects.get())) return;
  context_.client.drop(connection_);
  disconnected(FeedReason::kNoData, std::string{why}, {});
}

void FeedSession::attempt() {
  last_attempt_ = context_.clock.mono();
  board_.attempts.add();
  enter(FeedState::kConnecting);
  guarded([this] {
    codec_->begin(subscription_);
    log_in();
  });
}

// A step on the way to a connection: whatever it throws ends this attempt, not the feed.
template <class Step>
void FeedSession::guarded(Step step) {
  try {
    step();
  } catch (const std::exception& fault) {
    disconnected(FeedReason::kSocketClosed, std::string{"internal error: "} + fault.what(), {});
  }
}

// Call by call until the codec has what it wants.
void FeedSession::log_in() {
  const auto call = codec_->next_call();
  if (!call) return connect();
  call_ = context_.http->call(options_.login_url, *call,
                              {options_.ca_file, options_.handshake_timeout, options_.login_proxy},
                              [this, alive = std::weak_ptr<char>{alive_}](const HttpOutcome& outcome) {
                                if (alive.expired()) return;
                                guarded([&] { on_answer(outcome); });
                              });
}

void FeedSession::on_answer(const HttpOutcome& outcome) {
  call_ = HttpCaller::CallId::kNone;
  if (!outcome.answer) {
    const auto& failure = outcome.failure;
    return disconnected(reason_of(failure), "log-in: " + failure.text, failure.retry_after);
  }
  const auto& answer = *outcome.answer;
  if (answer.status / 100 != 2) {
    const bool key = answer.status == 401 || answer.status == 403;
    return disconnected(key ? FeedReason::kAuth : FeedReason::kHttp,
                        "log-in: HTTP " + std::to_string(answer.status) + " " + answer.body,
                        parse_retry_after(find_header(answer.headers, "Retry-After"), context_.clock.now()));
  }
  on_stage({ConnectStage::Kind::kLogIn, "HTTP " + std::to_string(answer.status)});
  if (const auto taken = codec_->on_answer(answer); !taken) {
    return disconnected(FeedReason::kAuth, "log-in: " + taken.error().message, {});
  }
  log_in();
}

void FeedSession::connect() {
  Url url = options_.url;
  Handshake handshake{url.target, options_.headers};
  codec_->handshake(handshake);
  url.target = std::move(handshake.target);
  connection_ = context_.client.connect(
      url, {options_.ca_file, std::move(handshake.headers), options_.handshake_timeout, options_.proxy}, *this);
}

void FeedSession::on_stage(const ConnectStage& stage) {
  if (context_.on_stage) context_.on_stage(stage);
}

void FeedSession::on_open() {
  source_ = context_.sources.next();
  board_.connects.add();
  if (opened_before_) std::fill(gap_pending_.begin(), gap_pending_.end(), 1);
  opened_before_ = true;
  last_rx_ = last_tx_ = context_.clock.mono();
  board_.opened(last_rx_);
  refused_at_ = {};
  silence_suspected_ = false;
  board_.received(last_rx_);
  enter(FeedState::kHandshake);
  for (auto& text : codec_->on_open(subscription_)) command(std::move(text));
  watch();
}

void FeedSession::on_frame(Frame frame, MonoTime complete) noexcept {
  const Timestamp received = wall_.at(complete);
  last_rx_ = complete;
  board_.received(complete);
  board_.frames.add();
  frame.received = received;
  codec_->decode(frame, decoded_);
  deliver(received, complete);
  if (context_.tap != nullptr) tap_incoming(frame, received, complete);
  if (!decoded_.error.empty() || decoded_.subscribed || !decoded_.replies.empty()) handle_rest(complete);
}

// The tap knows the secrets of the settings; those of the log-in are known here, and some vendors
// repeat them.
void FeedSession::tap_incoming(Frame frame, Timestamp received, MonoTime complete) {
  std::string shown;
  if (const auto secrets = codec_->session_secrets(); !secrets.empty()) {
    shown.assign(frame.payload);
    redact_secrets(shown, secrets);
    frame.payload = shown;
  }
  context_.tap->on_frame(options_.name, FrameDir::kIn, frame, received, complete);
}

void FeedSession::deliver(Timestamp received, MonoTime complete) noexcept {
  for (const auto& from : decoded_.ticks) {
    const auto position = symbols_.find(from.symbol);
    if (position == VendorSymbols::kUnknown) {
      board_.unknown_symbols.add();
      continue;
    }
    auto tick = to_tick(from, symbols_.ours(position), source_, received);
    if (!tick) {
      board_.one_sided.add();
      continue;
    }
    tick->mono_recv = complete;
    if (std::exchange(gap_pending_[position], 0) != 0) tick->flags |= TickFlag::kAfterGap;
    context_.sink.on_tick(*tick);
    board_.ticks.add();
    board_.ticked(complete);
    if (board_.state() != FeedState::kLive) became_live();
  }
}

// Once a connection.
void FeedSession::became_live() noexcept {
  backoff_.reset();
  board_.explain(FeedReason::kNone, {});
  enter(FeedState::kLive);
}

void FeedSession::handle_rest(MonoTime now) {
  if (!decoded_.error.empty()) {
    (decoded_.error.starts_with(kVendorError) ? board_.vendor_errors : board_.decode_errors).add();
    if (last_error_shown_ == MonoTime{} || now - last_error_shown_ >= kLeastBetweenErrorTexts) {
      last_error_shown_ = now;
      redact(decoded_.error);
      board_.set_last_error(clean_text(decoded_.error));
      if (context_.on_error) context_.on_error(board_.snapshot());
    }
    // A confirmation or an answer of ours to the same frame: the codec knows how to go on.
    if (board_.state() != FeedState::kLive && !decoded_.subscribed && decoded_.replies.empty() &&
        refused_at_ == MonoTime{}) {
      refused_at_ = now;
      watch();
    }
  }
  if (decoded_.refusal != Refusal::kNone) return refused(decoded_.refusal);
  if (decoded_.subscribed && board_.state() == FeedState::kHandshake) enter(FeedState::kSubscribed);
  for (auto& text : decoded_.replies) command(std::move(text));
}

// The vendor's word ends the connection, rather than the socket.
void FeedSession::refused(Refusal refusal) {
  context_.client.drop(connection_);
  disconnected(refusal == Refusal::kAuth ? FeedReason::kAuth : FeedReason::kRejected, decoded_.error, {});
}

void FeedSession::redact(std::string& text) const {
  redact_secrets(text, options_.secrets);
  redact_secrets(text, codec_->session_secrets());
}

void FeedSession::on_ping() {
  last_rx_ = context_.clock.mono();
  board_.received(last_rx_);
}

void FeedSession::on_close(const CloseInfo& info) {
  connection_ = ConnectionId::kNone;
  disconnected(reason_of(info), info.text, info.retry_after);
}

// The one place that knows the reconnect policy.
void FeedSession::disconnected(FeedReason reason, std::string text, std::optional<Duration> not_before) {
  if (is_open()) {
    context_.sink.on_batch_end();  // of the read in whose midst this happens
    board_.drops.add();
  }
  if (reason == FeedReason::kAuth && !not_before) not_before = kAfterRefusedUser;
  const MonoTime now = context_.clock.mono();
  const Duration budget = board_.state() == FeedState::kLive ? returns_.take(now) : Duration{0};
  connection_ = ConnectionId::kNone;
  commands_.clear();
  command_timer_.cancel();
  watch_timer_.cancel();
  redact(text);
  board_.explain(reason, clean_text(text));
  const Duration wait = std::max(
      {backoff_.next(), not_before.value_or(Duration{0}), kLeastBetweenAttempts - (now - last_attempt_), budget});
  board_.attempt_at(now + std::max(wait, Duration{0}));
  enter(FeedState::kBackoff);
  after(retry_timer_, wait, [this] { attempt(); });
}

bool FeedSession::is_open() const noexcept {
  const auto state = board_.state();
  return state == FeedState::kHandshake || state == FeedState::kSubscribed || state == FeedState::kLive;
}

void FeedSession::enter(FeedState state) {
  if (board_.state() == state) return;
  board_.enter(state, context_.clock.mono());
  if (context_.on_change) context_.on_change(board_.snapshot());
}

void FeedSession::command(std::string text) {
  if (!is_open()) return;
  if (commands_.size() >= kMostCommands) {
    context_.client.drop(connection_);
    return disconnected(FeedReason::kGarbage, "asks for answers faster than they may be sent", {});
  }
  commands_.push_back(std::move(text));
  if (commands_.size() == 1) send_commands();
}

void FeedSession::send_commands() {
  const Duration spacing = codec_->command_spacing();
  while (!commands_.empty()) {
    const MonoTime now = context_.clock.mono();
    const MonoTime allowed = spacing == Duration{0} ? now : context_.pacer->next_allowed(spacing);
    if (allowed > now) return after(command_timer_, allowed - now, [this] { send_commands(); });
    context_.pacer->sent(now);
    transmit(commands_.front());
    commands_.pop_front();
  }
}

void FeedSession::transmit(const std::string& text) {
  last_tx_ = context_.clock.mono();
  if (!context_.client.send(connection_, text)) return;  // its end is on the way
  if (context_.tap == nullptr) return;
  std::string shown = text;
  redact(shown);
  context_.tap->on_frame(options_.name, FrameDir::kOut, {shown, false}, context_.clock.now(), last_tx_);
}

MonoTime FeedSession::next_keep_alive() const {
  const Duration every = codec_->keep_alive_every();
  return every > Duration{0} ? last_tx_ + every : MonoTime::max();
}

// One timer for everything that is due by absence. It is not moved by each frame: it wakes at the
// earliest moment and looks again.
void FeedSession::watch() {
  MonoTime due = std::min(silence_suspected_ ? context_.clock.mono() + kSecondLook : last_rx_ + options_.silence,
                          next_keep_alive());
  if (refused_at_ != MonoTime{} && board_.state() != FeedState::kLive)
    due = std::min(due, refused_at_ + kRefusalPatience);
  after(watch_timer_, due - context_.clock.mono(), [this] { on_watch(); });
}

void FeedSession::on_watch() {
  if (!is_open()) return;
  const MonoTime now = context_.clock.mono();
  if (refused_at_ != MonoTime{} && board_.state() != FeedState::kLive && now - refused_at_ >= kRefusalPatience) {
    return restart("no tick after an error: " + board_.snapshot().last_error);
  }
  if (now - last_rx_ >= options_.silence) {
    if (std::exchange(silence_suspected_, true))
      return restart("nothing received for " + milliseconds_text(options_.silence));
  } else {
    silence_suspected_ = false;
  }
  if (now >= next_keep_alive()) {
    last_tx_ = now;
    if (auto text = codec_->keep_alive(); !text.empty()) command(std::move(text));
  }
  watch();
}

template <class Call>
void FeedSession::after(boost::asio::steady_timer& timer, Duration wait, Call call) {
  timer.expires_after(std::max(wait, Duration{0}));
  timer.async_wait([call, alive = std::weak_ptr<char>{alive_}](const boost::system::error_code& error) {
    if (!error && !alive.expired()) call();
  });
}

}  // namespace yagura::feeds
