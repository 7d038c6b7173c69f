package channeltest_test

import (
	"slices"
	"testing"
	"time"

	"sachhon/bot/channel/channeltest"
)

// A channel that does everything right passes.
func TestRightChannelPasses(t *testing.T) {
	channeltest.Run(t, harness(""))
}

// quirks are the ways in which a channel can be wrong, and the checks that must
// complain of each; others may complain too.
var quirks = map[string][]string{
	"its name cannot be part of an address":      {"it says what it can do"},
	"it does not escape":                         {"a text arrives as it was written", "a strong text arrives with all its words"},
	"it drops strong words":                      {"a strong text arrives with all its words"},
	"it promises more buttons than there are":    {"a message beyond the channel's means arrives readable and complete"},
	"it drops buttons":                           {"a message beyond the channel's means arrives readable and complete"},
	"it cuts texts and says nothing":             {"a text beyond the limit is refused or shown in full"},
	"it swaps messages":                          {"messages arrive in the order in which they were sent"},
	"it bends what people type":                  {"what a person types is received as typed"},
	"it cuts what buttons say":                   {"a pressed button is received by its ID"},
	"every delivery has its own ID":              {"the same update delivered twice has the same ID, different ones different IDs"},
	"all updates have one ID":                    {"the same update delivered twice has the same ID, different ones different IDs"},
	"it acknowledges what was not kept":          {"what was not kept comes again, or the person is told"},
	"it says that all is well":                   {"every failure has its right name", "a sending that is called off ends soon", "a text beyond the limit is refused or shown in full"},
	"its errors have no type":                    {"every failure has its right name"},
	"it does not say how long to wait":           {"every failure has its right name"},
	"it takes every refusal for a passing one":   {"every failure has its right name", "a text beyond the limit is refused or shown in full"},
	"it repeats the request's address in errors": {"every failure has its right name", "a sending that is called off ends soon"},
	"it logs its token":                          {"a text arrives as it was written"},
	"it calls home":                              {"a text arrives as it was written"},
	"it goes on when called off":                 {"a sending that is called off ends soon"},
	"it polls for ever":                          {"polling ends soon and can begin again"},
	"it mixes people up":                         {"many people at once get each their own"},
}

// A channel that is wrong in one way is caught.
func TestWrongChannelsAreCaught(t *testing.T) {
	for quirk, checks := range quirks {
		t.Run(quirk, func(t *testing.T) {
			t.Parallel() // some of them are caught by waiting
			h := harness(quirk)
			h.Patience = 2 * time.Second
			all := channeltest.Complaints(t, h, checks...)
			for _, name := range checks {
				if len(all[name]) == 0 {
					t.Errorf("%q did not notice", name)
				}
			}
		})
	}
}

// Every check has caught a channel, so none of them passes whatever happens.
func TestEveryCheckIsProved(t *testing.T) {
	for _, name := range channeltest.CheckNames() {
		proved := false
		for _, checks := range quirks {
			proved = proved || slices.Contains(checks, name)
		}
		if !proved {
			t.Errorf("no wrong channel proves the check %q", name)
		}
	}
}

// The right channel gives the recorder no cause for complaint, so what it
// records of the wrong ones is theirs.
func TestRecorderHearsNothingOfARightChannel(t *testing.T) {
	if all := channeltest.Complaints(t, harness(""), channeltest.CheckNames()...); len(all) > 0 {
		t.Errorf("complaints: %v", all)
	}
	if names := channeltest.CheckNames(); len(slices.Compact(slices.Sorted(slices.Values(names)))) != len(names) {
		t.Error("two checks have one name")
	}
}
