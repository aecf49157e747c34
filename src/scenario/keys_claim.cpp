#include "scenario/keys.hpp"

namespace chokepoint {

using namespace config;

namespace {

template <class T>
Field text_field(std::string name, PlacedText T::*member, Rule rule, std::string help) {
  return {std::move(name), "", std::move(rule), std::move(help),
          [member](void* object) { return Slot{&(static_cast<T*>(object)->*member).text}; }};
}

const Table& claim_twin_table() {
  static const Table table = describe<ClaimTwin>(
      "a scenario whose same path the predicate compares with", {"name"},
      {
          field("name", &ClaimTwin::name, "", name_rule, "how the predicate refers to it: NAME.world_price"),
          text_field("file", &ClaimTwin::file, {.required = true}, "its file, relative to that of the claim"),
      });
  return table;
}

const Table& claim_part_table() {
  static const Table table = describe<ClaimPart>(
      "a further condition whose probability is reported beside that of the claim", {"name"},
      {
          field("name", &ClaimPart::name, "", name_rule, "how the verdict calls it"),
          text_field("given", &ClaimPart::given, {}, "only paths that meet this count; left out: all"),
          text_field("predicate", &ClaimPart::predicate, {}, "the condition"),
      });
  return table;
}

}  // namespace

const Table& claim_table() {
  static const Table table = describe<Claim>(
      "a claim on which `chokepoint verdict` puts a probability; docs/claims.md has the language of conditions", {},
      {
          field("number", &Claim::number, "", {.max = 9999}, "for the order and for people; 0: none"),
          field("sentence", &Claim::sentence, "", {}, "what is claimed, in words"),
          field("source", &Claim::source, "", {}, "who claims it"),
          text_field("given", &Claim::given, {}, "only paths that meet this count; left out: all"),
          text_field("predicate", &Claim::predicate, {}, "the condition on a path under which the claim holds"),
          field("limits", &Claim::limits, "", {}, "what the model cannot answer"),
          list_field("twin", &Claim::twins, claim_twin_table(), 8),
          list_field("part", &Claim::parts, claim_part_table(), 16),
      });
  return table;
}

}  // namespace chokepoint
