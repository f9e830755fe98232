// Fuzz target of one vendor's codec, compiled once per vendor with its name in YAGURA_FUZZ_VENDOR.
// An input is what a hostile vendor sends: items between kBetween, each a letter and then bytes.
//   a  the answer to a log-in call     b  a binary frame     t or anything else  a text frame
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "feeds/codec.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/allocation_count.hpp"
#include "tests/support/vendor_dialogue.hpp"

namespace yagura::feeds {
namespace {

using fuzz::require;

constexpr std::string_view kBetween = "\xFF\xFE\n";  // in no valid text
constexpr std::size_t kMostItems = 64;
constexpr std::size_t kLongestError = 4096;  // vendors' words are clipped

const Vendor& vendor() {
  static const Vendor* const found = find_vendor(YAGURA_FUZZ_VENDOR);
  require(found != nullptr, "no vendor " YAGURA_FUZZ_VENDOR);
  return *found;
}

// Every frame of these means the same whatever came before it.
bool stateless() {
  constexpr std::string_view kNames[] = {"native", "gmo", "yahoo"};
  return std::find(std::begin(kNames), std::end(kNames), vendor().name) != std::end(kNames);
}

// A copy that ends where its memory ends: the address sanitizer sees each byte read beyond.
class Tight {
 public:
  explicit Tight(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
    if (size_ != 0) std::memcpy(bytes_.get(), bytes.data(), size_);
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

// What a frame meant, with the symbols copied.
struct Meaning {
  explicit Meaning(const Decoded& decoded) : all(decoded) {
    for (const auto& tick : decoded.ticks) symbols.emplace_back(tick.symbol);
  }
  [[nodiscard]] bool same_ticks(const Meaning& other) const {
    return symbols == other.symbols &&
           std::ranges::equal(all.ticks, other.all.ticks, [](const VendorTick& a, const VendorTick& b) {
             return a.price == b.price && a.bid == b.bid && a.ask == b.ask && a.ts == b.ts && a.seq == b.seq;
           });
  }
  bool operator==(const Meaning& other) const {
    return same_ticks(other) && all.error == other.all.error && all.refusal == other.all.refusal &&
           all.replies == other.all.replies && all.subscribed == other.all.subscribed;
  }
  Decoded all;
  std::vector<std::string> symbols;
};

void check(const Decoded& decoded, std::size_t frame_size) {
  for (const auto& tick : decoded.ticks) {
    require(!tick.symbol.empty(), "a tick without a symbol");
    require(tick.price || tick.bid || tick.ask, "a tick without a price");
    for (const auto& price : {tick.price, tick.bid, tick.ask}) {
      require(!price || price->raw() != 0, "a price of zero: it means that there is none");
    }
  }
  require(decoded.ticks.size() <= frame_size, "more ticks than bytes");
  require(decoded.error.size() <= kLongestError, "an error without end");
  require(decoded.refusal == Refusal::kNone || !decoded.error.empty(), "a refusal without a reason");
  for (const auto& reply : decoded.replies) require(!reply.empty(), "an empty reply");
}

// A codec through one connection after another.
class Client {
 public:
  Client() : codec_(vendor().make_codec(test::any_credentials())) {
    for (const char* symbol : {"USDJPY", "NI225", "NKFUT"}) symbols_.push_back(vendor().vendor_symbol(symbol));
    codec_->begin(symbols_);
  }

  void answer(std::string_view body) {
    if (open_) codec_->begin(symbols_);
    open_ = false;
    if (codec_->next_call())
      (void)codec_->on_answer({200, {{"CST", "c5t"}, {"X-SECURITY-TOKEN", "t0k"}}, std::string(body)});
  }

  const Decoded& decode(std::string_view payload, bool binary) {
    if (!open_) open();
    codec_->decode({payload, binary, kReceived}, decoded_);
    return decoded_;
  }

 private:
  static constexpr Timestamp kReceived = timestamp_from_ns(1'770'595'200'000'000'000);

  void open() {
    Handshake handshake{"/", {}};
    codec_->handshake(handshake);
    (void)codec_->on_open(symbols_);
    open_ = true;
  }

  std::unique_ptr<Codec> codec_;
  std::vector<std::string> symbols_;
  Decoded decoded_;
  bool open_ = false;
};

// Ticks that were seen before cost no memory. Log-ins, answers and errors may: they are rare.
void check_again(Client& client, std::string_view payload, bool binary, const Meaning& first) {
  for (int i = 0; i < 3; ++i) client.decode(payload, binary);
  const auto before = test::allocations();
  const auto& again = client.decode(payload, binary);
  const auto after = test::allocations();
  if (!again.ticks.empty() && again.error.empty() && again.replies.empty())
    require(after == before, "ticks of a known frame allocate");
  if (stateless()) require(Meaning{again} == first, "a frame that means something else the second time");
}

void run(std::string_view input) {
  const bool repeat = input.size() % 4 == 0;  // and then the states of the two differ
  Client one, other;
  for (std::size_t n = 0; !input.empty() && n < kMostItems; ++n) {
    const auto item = input.substr(0, input.find(kBetween));
    input.remove_prefix(std::min(input.size(), item.size() + kBetween.size()));
    if (item.empty()) continue;
    const auto payload = item.substr(1);
    if (item[0] == 'a') {
      one.answer(payload);
      other.answer(payload);
      continue;
    }
    const bool binary = item[0] == 'b';
    const Tight tight{payload};
    const std::string followed = std::string{payload} + R"("}]}9,"ask":1})";
    const auto& decoded = one.decode(tight.view(), binary);
    check(decoded, payload.size());
    const Meaning meaning{decoded};
    if (repeat) {
      check_again(one, tight.view(), binary, meaning);
    } else {
      const auto& twin = other.decode(std::string_view{followed}.substr(0, payload.size()), binary);
      require(Meaning{twin} == meaning, "two codecs that heard the same disagree");
    }
  }
}

void append(std::string& input, char kind, std::string_view bytes) {
  if (!input.empty()) input += kBetween;
  input += kind;
  input += bytes;
}

}  // namespace
}  // namespace yagura::feeds

// What the vendor's own server side says, frame by frame and as a whole.
std::vector<std::string> yagura::fuzz::fuzz_seeds() {
  using namespace yagura::feeds;
  std::vector<std::string> seeds;
  if (vendor().make_server == nullptr) return seeds;
  constexpr std::string_view kSymbols[] = {"USDJPY", "NI225", "NKFUT"};
  test::VendorDialogue dialogue{vendor(), "/?version=2", {std::begin(kSymbols), std::end(kSymbols)}};
  std::string whole;
  const auto add = [&](char kind, std::string_view bytes) {
    append(whole, kind, bytes);
    append(seeds.emplace_back(), kind, bytes);
  };
  for (const auto& answer : dialogue.answers()) add('a', answer.body);
  for (const auto& frame : dialogue.said()) add('t', frame);
  std::int64_t n = 0;
  for (const auto symbol : kSymbols) {
    const auto bid = Price::from_raw(157'001'000'000 + ++n * 1'000'000);
    const auto ask = Price::from_raw(bid.raw() + 3'000'000);
    const auto ts = timestamp_from_ns(1'770'595'200'123'456'789 + n * 1'000'000'000);
    for (const auto& tick : {ReplayTick{symbol, {}, bid, ask, ts, 42 + n}, ReplayTick{symbol, bid, {}, {}, ts, {}}}) {
      if (const auto frame = dialogue.frame_of(tick); !frame.empty()) add('t', frame);
    }
  }
  seeds.push_back(whole);
  return seeds;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  yagura::feeds::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
