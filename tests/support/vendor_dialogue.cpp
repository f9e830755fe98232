#include "tests/support/vendor_dialogue.hpp"

namespace yagura::test {
namespace {

constexpr auto kBetweenCommands = std::chrono::seconds{2};  // no vendor asks for more
constexpr std::size_t kMostAnswers = 8;
constexpr std::size_t kMostSaid = 64;  // two sides that answer each other for ever would be a fault

}  // namespace

feeds::CodecOptions any_credentials() {
  return {.credentials = {.token = "k3y", .user = "desk", .password = "pa55word", .account = "101"}};
}

VendorDialogue::VendorDialogue(const feeds::Vendor& vendor, std::string_view target,
                               const std::vector<std::string>& symbols)
    : vendor_(vendor), codec_(vendor.make_codec(any_credentials())), server_(vendor.make_server(shared_)) {
  std::vector<std::string> theirs;
  for (const auto& symbol : symbols) theirs.push_back(vendor.vendor_symbol(symbol));
  log_in(theirs);
  feeds::Handshake handshake{std::string{target}, {}};
  codec_->handshake(handshake);
  server_->on_request(handshake);
  const auto commands = codec_->on_open(theirs);
  hear(server_->on_open(now_));
  for (const auto& command : commands) say(command);
}

void VendorDialogue::log_in(const std::vector<std::string>& theirs) {
  codec_->begin(theirs);
  while (vendor_.answer_call != nullptr && answers_.size() < kMostAnswers) {
    const auto call = codec_->next_call();
    if (!call) return;
    answers_.push_back(vendor_.answer_call(shared_, *call));
    if (!codec_->on_answer(answers_.back())) return;
  }
}

void VendorDialogue::hear(const feeds::ServerReply& reply) {
  for (const auto& frame : reply.frames) {
    if (said_.size() == kMostSaid) return;
    said_.push_back(frame);
    feeds::Decoded decoded;
    codec_->decode({frame}, decoded);
    for (const auto& answer : decoded.replies) say(answer);
  }
}

void VendorDialogue::say(const std::string& frame) {
  now_ += kBetweenCommands;
  hear(server_->on_frame({frame}, now_));
}

std::string VendorDialogue::frame_of(const feeds::ReplayTick& tick) {
  std::string frame;
  if (!server_->encode(tick, frame)) frame.clear();
  return frame;
}

}  // namespace yagura::test
