// JetStream: storing with an acknowledgement, streams, durable consumers.
#include <simdjson.h>

#include <utility>

#include "core/net/nats_link.hpp"

namespace yagura::net {
namespace {

using Message = NatsOwned<natsMsg, natsMsg_Destroy>;
constexpr const char* kMessageId = "Nats-Msg-Id";
constexpr Duration kSlice = std::chrono::milliseconds{50};  // between two looks at a request to stop

std::string_view data_of(natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

// The answer of a stream: {"stream":…,"seq":1,"duplicate":true} or {"error":{…}}.
Result<NatsAck> read_ack(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element answer;
  if (parser.parse(text.data(), text.size()).get(answer) != simdjson::SUCCESS)
    return Error{"the answer to publishing is no JSON"};
  std::string_view description;
  if (answer["error"]["description"].get(description) == simdjson::SUCCESS)
    return Error{"JetStream: " + std::string{description.substr(0, 200)}};
  NatsAck ack;
  std::string_view stream;
  if (answer["stream"].get(stream) != simdjson::SUCCESS || answer["seq"].get(ack.sequence) != simdjson::SUCCESS)
    return Error{"the answer to publishing is no acknowledgement"};
  if (answer["duplicate"].get(ack.duplicate) != simdjson::SUCCESS) ack.duplicate = false;
  return ack;
}

Result<void> listen_for_answers(NatsLink& link) {
  if (link.answers) return {};
  natsInbox* inbox = nullptr;
  if (const auto status = natsInbox_Create(&inbox); status != NATS_OK) return nats_error("publishing", status);
  link.inbox.reset(inbox);
  natsSubscription* subscription = nullptr;
  const auto status = natsConnection_SubscribeSync(&subscription, link.connection.get(),
                                                   (std::string{link.inbox.get()} + ".*").c_str());
  if (status != NATS_OK) return nats_error("publishing", status, nats_detail());
  link.answers.reset(subscription);
  return {};
}

// The answer to `reply`; those to earlier questions come too late and mean nothing any more.
Result<Message> await_answer(NatsLink& link, const std::string& reply, Duration limit, const std::stop_token& stop) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = until - std::chrono::steady_clock::now();
    if (left <= Duration{0}) return Error{"no acknowledgement in time"};
    if (stop.stop_requested()) return Error{"stopped before the acknowledgement came"};
    natsMsg* raw = nullptr;
    const auto status = natsSubscription_NextMsg(&raw, link.answers.get(), to_ms(std::min<Duration>(left, kSlice)));
    Message message{raw};
    if (status == NATS_TIMEOUT) {
      if (natsConnection_Status(link.connection.get()) != NATS_CONN_STATUS_CONNECTED)
        return Error{"the connection was lost before the acknowledgement came"};
      continue;
    }
    if (status != NATS_OK) return nats_error("publishing", status, nats_detail());
    if (reply == natsMsg_GetSubject(raw)) return message;
  }
}

class PullConsumer final : public NatsConsumer {
 public:
  PullConsumer(std::shared_ptr<NatsLink> link, natsSubscription* subscription)
      : link_(std::move(link)), subscription_(subscription) {}

  Result<std::optional<NatsMessage>> next(Duration wait) override {
    natsMsgList list{};
    jsErrCode code{};
    const auto status = natsSubscription_Fetch(&list, subscription_.get(), 1, to_ms(wait), &code);
    std::optional<NatsMessage> message;
    if (status == NATS_OK && list.Count > 0) message.emplace(std::exchange(list.Msgs[0], nullptr));
    natsMsgList_Destroy(&list);
    if (status != NATS_OK && status != NATS_TIMEOUT) return nats_error("fetching", status, nats_detail());
    if (!message && natsConnection_Status(link_->connection.get()) != NATS_CONN_STATUS_CONNECTED)
      return Error{"fetching: the connection was lost"};
    return message;
  }

 private:
  std::shared_ptr<NatsLink> link_;
  NatsOwned<natsSubscription, natsSubscription_Destroy> subscription_;
};

// What JetStream says about a message: nullopt for one that came by no stream.
struct Delivered {
  std::uint64_t count = 0;
  std::uint64_t sequence = 0;
};
Delivered delivered(natsMsg* message) {
  jsMsgMetaData* data = nullptr;
  if (natsMsg_GetMetaData(&data, message) != NATS_OK) return {};
  const Delivered result{data->NumDelivered, data->Sequence.Stream};
  jsMsgMetaData_Destroy(data);
  return result;
}

}  // namespace

Result<NatsAck> nats_publish_stored(NatsLink& link, const std::string& subject, const std::string& id,
                                    std::string_view payload, Duration limit, const std::stop_token& stop) {
  const std::lock_guard lock{link.publishing};
  if (const auto listening = listen_for_answers(link); !listening) return listening.error();
  const auto reply = std::string{link.inbox.get()} + "." + std::to_string(++link.asked);
  natsMsg* raw = nullptr;
  auto status = natsMsg_Create(&raw, subject.c_str(), reply.c_str(), payload.data(), static_cast<int>(payload.size()));
  const Message message{raw};
  if (status == NATS_OK) status = natsMsgHeader_Set(raw, kMessageId, id.c_str());
  if (status == NATS_OK) status = natsConnection_PublishMsg(link.connection.get(), raw);
  if (status != NATS_OK) return nats_error("publishing", status, nats_detail());
  auto answer = await_answer(link, reply, limit, stop);
  if (!answer) return answer.error();
  if (natsMsg_IsNoResponders(answer->get()))
    return Error{"no stream takes subject " + subject + ", or JetStream has no leader now"};
  return read_ack(data_of(answer->get()));
}

Result<void> nats_ensure_stream(NatsLink& link, const NatsStream& stream, Duration limit) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = to_ms(limit);
  jsStreamInfo* info = nullptr;
  jsErrCode code{};
  auto status = js_GetStreamInfo(&info, link.jetstream.get(), stream.name.c_str(), &options, &code);
  if (status == NATS_NOT_FOUND) {
    jsStreamConfig config;
    jsStreamConfig_Init(&config);
    const char* subjects[] = {stream.subjects.c_str()};
    config.Name = stream.name.c_str();
    config.Subjects = subjects;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    config.MaxAge = stream.max_age.count();
    config.MaxBytes = stream.max_bytes;
    config.Duplicates = stream.duplicate_window.count();
    config.Replicas = stream.replicas;
    status = js_AddStream(&info, link.jetstream.get(), &config, &options, &code);
    if (code == JSStreamNameExistErr) status = NATS_OK;  // somebody else was faster, with other limits
  }
  if (info != nullptr) jsStreamInfo_Destroy(info);
  if (status != NATS_OK) return nats_error("stream " + stream.name, status, nats_detail());
  return {};
}

Result<std::unique_ptr<NatsConsumer>> nats_consume(std::shared_ptr<NatsLink> link, const NatsDurable& durable,
                                                   Duration limit) {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = to_ms(limit);
  jsConsumerConfig config;
  jsConsumerConfig_Init(&config);
  config.Durable = durable.name.c_str();
  config.FilterSubject = durable.subjects.c_str();
  config.AckPolicy = js_AckExplicit;
  config.AckWait = durable.ack_wait.count();
  config.MaxDeliver = -1;  // beyond it the server would pass over them without a word
  config.DeliverPolicy = js_DeliverAll;
  jsErrCode code{};
  jsConsumerInfo* info = nullptr;
  // One that is there takes over the waits of these settings.
  auto status = js_AddConsumer(&info, link->jetstream.get(), durable.stream.c_str(), &config, &options, &code);
  if (info != nullptr) jsConsumerInfo_Destroy(info);
  if (status != NATS_OK) return nats_error("consumer " + durable.name, status, nats_detail());
  jsSubOptions sub;
  jsSubOptions_Init(&sub);
  sub.Stream = durable.stream.c_str();
  sub.ManualAck = true;
  natsSubscription* subscription = nullptr;
  status = js_PullSubscribe(&subscription, link->jetstream.get(), durable.subjects.c_str(), durable.name.c_str(),
                            &options, &sub, &code);
  if (status != NATS_OK) return nats_error("consumer " + durable.name, status, nats_detail());
  return std::unique_ptr<NatsConsumer>{std::make_unique<PullConsumer>(std::move(link), subscription)};
}

NatsMessage::~NatsMessage() {
  if (message_ != nullptr) natsMsg_Destroy(static_cast<natsMsg*>(message_));
}
std::string_view NatsMessage::subject() const { return natsMsg_GetSubject(static_cast<natsMsg*>(message_)); }
std::string_view NatsMessage::payload() const { return data_of(static_cast<natsMsg*>(message_)); }
std::uint64_t NatsMessage::deliveries() const { return delivered(static_cast<natsMsg*>(message_)).count; }
std::uint64_t NatsMessage::sequence() const { return delivered(static_cast<natsMsg*>(message_)).sequence; }

Result<void> NatsMessage::ack() {
  jsErrCode code{};
  const auto status = natsMsg_AckSync(static_cast<natsMsg*>(message_), nullptr, &code);
  if (status != NATS_OK) return nats_error("acknowledging", status, nats_detail());
  return {};
}
Result<void> NatsMessage::again_after(Duration wait) {
  const auto status = natsMsg_NakWithDelay(static_cast<natsMsg*>(message_), to_ms(wait), nullptr);
  if (status != NATS_OK) return nats_error("asking for it again", status, nats_detail());
  return {};
}
Result<void> NatsMessage::drop() {
  const auto status = natsMsg_Term(static_cast<natsMsg*>(message_), nullptr);
  if (status != NATS_OK) return nats_error("dropping", status, nats_detail());
  return {};
}

}  // namespace yagura::net
