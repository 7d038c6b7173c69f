package metrics

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWhatIsCountedIsShown(t *testing.T) {
	m := New()
	m.Committed(3, 2, 1, 4*time.Millisecond)
	m.Sent("telegram", "bulk", "taken", 90*time.Millisecond)
	m.Sent("telegram", "bulk", "taken", 90*time.Millisecond)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{"sachhon_turns_total 2", "sachhon_turns_failed_total 1", "sachhon_batch_requests_sum 3", "sachhon_commit_seconds_count 1",
		`sachhon_messages_total{lane="bulk",network="telegram",result="taken"} 2`, `sachhon_send_seconds_count{network="telegram"} 2`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("want %q among the metrics", want)
		}
	}
}
