package telegramtest

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strings"
)

// packedSpec is what the machine-readable description of the Bot API says of
// methods and their parameters: one line a method, its name and then
// "name[!]=Type|Type" for each parameter, parted by tabs; "!" marks the
// required ones. TestSpecIsWhole says how it was made.
//
//go:embed botapi.txt.gz
var packedSpec []byte

// parameter is one parameter of a method.
type parameter struct {
	required bool
	types    []string // as in the documentation: "Integer", "Array of String", …
}

// method is one method of the Bot API.
type method struct {
	name       string
	parameters map[string]parameter
}

// spec is every method by its name in lower case, since names are not case
// sensitive.
type spec map[string]method

// readSpec unpacks a description.
func readSpec(packed []byte) (spec, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack description of the Bot API: %w", err)
	}
	raw, err := io.ReadAll(zipped)
	if err != nil {
		return nil, fmt.Errorf("unpack description of the Bot API: %w", err)
	}
	s := spec{}
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		m := method{name: fields[0], parameters: map[string]parameter{}}
		for _, f := range fields[1:] {
			name, types, ok := strings.Cut(f, "=")
			if !ok {
				return nil, fmt.Errorf("read description of the Bot API: %s: no type in %q", m.name, f)
			}
			name, required := strings.CutSuffix(name, "!")
			m.parameters[name] = parameter{required: required, types: strings.Split(types, "|")}
		}
		s[strings.ToLower(m.name)] = m
	}
	return s, nil
}
