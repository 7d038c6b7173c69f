package config

import (
	"fmt"
	"io"
	"log/slog"
)

// mask is what is shown in place of a secret, whatever its length.
const mask = "•••"

// Secret is a text that must not be seen: a token, a password. Printed,
// logged or encoded in any way it reads "•••", also when it is empty, so that
// not even its presence shows. Keep it in exported fields: fmt cannot ask a
// value in an unexported field how it wants to be printed.
type Secret string

// Reveal returns the secret itself, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String returns "•••".
func (s Secret) String() string { return mask }

// GoString returns "•••".
func (s Secret) GoString() string { return mask }

// Format writes "•••" for every verb and every flag of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

// MarshalJSON returns "•••" as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + mask + `"`), nil }

// MarshalText returns "•••"; it serves YAML, XML and whatever asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }

// LogValue returns "•••".
func (s Secret) LogValue() slog.Value { return slog.StringValue(mask) }
