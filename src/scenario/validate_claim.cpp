#include "scenario/validate.hpp"

namespace chokepoint {

namespace {

void note_place(config::PlacedText& text, const std::string& key, const Diagnostics& diagnostics) {
  const Position place = diagnostics.position_of(key);
  text.file = place.file;
  text.line = place.line;
  text.column = place.column;
  text.last_line = place.last_line;
}

}  // namespace

/// What the conditions say is checked where they are understood (chokepoint/verdict.hpp); here only that they are
/// given.
void check_claim_keys(Scenario& scenario, Diagnostics& diagnostics) {
  config::Claim& claim = scenario.claim;
  note_place(claim.given, "claim.given", diagnostics);
  note_place(claim.predicate, "claim.predicate", diagnostics);
  for (config::ClaimTwin& twin : claim.twins) note_place(twin.file, "claim.twin." + twin.name + ".file", diagnostics);
  for (config::ClaimPart& part : claim.parts) {
    note_place(part.given, "claim.part." + part.name + ".given", diagnostics);
    note_place(part.predicate, "claim.part." + part.name + ".predicate", diagnostics);
    if (part.predicate.text.empty()) diagnostics.fault("claim.part." + part.name + ".predicate", "is missing");
  }
  const bool is_begun = !claim.predicate.text.empty() || !claim.given.text.empty() || !claim.source.empty() ||
                        !claim.limits.empty() || claim.number > 0 || !claim.twins.empty() || !claim.parts.empty();
  if (claim.sentence.empty() && is_begun) diagnostics.fault("claim.sentence", "is missing", "say what is claimed");
  if (!claim.sentence.empty() && claim.predicate.text.empty())
    diagnostics.fault("claim.predicate", "is missing", "say on which paths it holds; docs/claims.md has the language");
}

}  // namespace chokepoint
