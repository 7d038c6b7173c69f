package channel

import (
	"fmt"
	"strings"

	"sachhon/dialogs"
)

// FileSize says how large a file of n bytes is, "12 kB" or "1,2 MB"; "" when
// that is not known (0 or less).
func FileSize(n int64, lang dialogs.Lang) string {
	switch {
	case n <= 0:
		return ""
	case n < 1_000_000:
		return fmt.Sprintf("%d kB", max(1, (n+500)/1000))
	}
	s := fmt.Sprintf("%.1f MB", float64(n)/1e6)
	if lang == dialogs.Vietnamese {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
