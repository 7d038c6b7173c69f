package main

import (
	"strings"
	"testing"
)

// TestWrongJSONIsToldWithItsPlace wants the line and column of what is wrong in
// a file that somebody wrote by hand.
func TestWrongJSONIsToldWithItsPlace(t *testing.T) {
	data := t.TempDir()
	create := []string{"broadcast", "create"}
	for _, tt := range []struct {
		what      []string
		raw, says string
	}{
		{create, "{\"title\":\"Thử\"\n  \"kind\":\"service\"}", "b.json:2:3: this is not JSON: invalid character '\"' after object key:value pair"},
		{create, "{\"title\":\"Gỗ ép\" 7}", "b.json:1:18: this is not JSON"},
		{create, "{\"title\":\"Thử\",\n", "b.json:1:16: this is not JSON: unexpected end of JSON input"},
		{[]string{"rehearse", "--broadcast"}, "{} {}", "b.json:1:4: this is not JSON"},
		{create, " \n", "b.json is not JSON but empty"},
		{create, "\ufeff{\"title\":7}", "\"title\" cannot be a JSON number"},
	} {
		_, errs, code := output(t, "", append(append([]string{"--data", data}, tt.what...), write(t, "b.json", tt.raw))...)
		if code != exitFailed || !strings.Contains(errs, tt.says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%v of %q: status %d, %q", tt.what, tt.raw, code, errs)
		}
	}
	if _, errs, code := output(t, "{\"sector\":", "--data", data, "segment", "save", "gỗ", "-"); code != exitFailed || !strings.Contains(errs, "standard input:1:") {
		t.Errorf("from standard input: status %d, %q", code, errs)
	}
	if _, errs, code := output(t, "{}", "--data", data, "segment", "save", "", "-"); code != exitUsage || !strings.Contains(errs, "needs a name") {
		t.Errorf("without a name: status %d, %q", code, errs)
	}
}
