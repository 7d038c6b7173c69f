package config

import (
	"maps"
	"slices"
	"strings"
)

// fromDefault marks a value that nobody gave.
const fromDefault = "default"

// value is the text of a setting and where it was found.
type value struct {
	text   string
	source string // as in [Error.Source], or fromDefault
}

// given is what was handed to the program from outside.
type given struct {
	flags    map[string]string
	lookup   func(string) (string, bool)
	readFile func(string) ([]byte, error)
	file     map[string]value // by key; nil without a configuration file
}

// open reads the configuration file, if a flag or the environment names one.
func (g *given) open(settings []Setting) error {
	for _, s := range settings {
		if s.Name != configName {
			continue
		}
		path, err := g.find(s)
		if err != nil || path.text == "" {
			return err
		}
		raw, err := g.readFile(path.text)
		if err != nil {
			return wrongFile(s.Name, path.source, path.text, err)
		}
		g.file, err = readConfigFile(path.text, raw, fileKeys(settings))
		return err
	}
	return nil
}

// apply finds the setting, checks it and puts it into c.
func (g *given) apply(s Setting, c *Config) error {
	if s.set == nil {
		return nil
	}
	v, err := g.find(s)
	if err != nil {
		return err
	}
	if v.text == "" && s.Optional || s.set(c, v.text) {
		return nil
	}
	wrong := &Error{Setting: s.Name, Source: v.source, Want: s.Want}
	switch {
	case v.text == "":
		wrong.Problem = "is empty"
	case !s.Secret:
		wrong.Value = shown(v.text)
	}
	return wrong
}

// find returns the setting from the first place that has it.
func (g *given) find(s Setting) (value, error) {
	places := []struct {
		source string
		look   func(suffix string) (value, bool)
	}{
		{"flag --" + s.Flag, func(suffix string) (value, bool) {
			name := s.Flag + strings.ReplaceAll(suffix, "_", "-")
			text, ok := g.flags[name]
			return value{strings.TrimSpace(text), "flag --" + name}, ok
		}},
		{"the environment", func(suffix string) (value, bool) {
			text, ok := g.lookup(s.Name + strings.ToUpper(suffix))
			text = strings.TrimSpace(text)
			return value{text, "the environment"}, ok && (text != "" || s.Optional)
		}},
		{"the configuration file", func(suffix string) (value, bool) {
			v, ok := g.file[s.Key+suffix]
			return v, ok && (v.text != "" || s.Optional)
		}},
	}
	for _, p := range places {
		v, ok := p.look("")
		if s.Secret {
			path, named := p.look(fileSuffix)
			switch {
			case path.text != "" && v.text != "":
				return value{}, &Error{Setting: s.Name, Source: p.source,
					Problem: "is given twice, as itself and as " + s.Name + "_FILE", Want: "one of the two"}
			case path.text != "":
				return g.secretFile(s, path)
			}
			ok = ok || named
		}
		if ok {
			return v, nil
		}
	}
	return value{s.Default, fromDefault}, nil
}

// secretFile reads the file that holds a secret. The space and line break that
// editors and secret stores leave at its end are not part of it.
func (g *given) secretFile(s Setting, path value) (value, error) {
	raw, err := g.readFile(path.text)
	if err != nil {
		return value{}, wrongFile(s.Name+"_FILE", path.source, path.text, err)
	}
	text := strings.TrimSpace(string(raw))
	if text == "" {
		return value{}, &Error{Setting: s.Name + "_FILE", Source: path.source, Problem: "names a file that is empty", Want: "the path of a file with the secret in it"}
	}
	return value{text, path.source}, nil
}

// knownFlags finds a flag that is none.
func knownFlags(settings []Setting, flags map[string]string) error {
	var known []string
	for _, s := range settings {
		known = append(known, s.Flag)
		if s.Secret {
			known = append(known, s.Flag+"-file")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		if !slices.Contains(known, name) {
			return unknown("--"+name, "flag", "--", likely(name, known))
		}
	}
	return nil
}

// unknown is the error for a name that belongs to no setting.
func unknown(name, source, prefix, meant string) *Error {
	e := &Error{Setting: name, Source: source, Problem: "is not a setting", Want: "one of those that serve --help lists"}
	if meant != "" {
		e.Want = prefix + meant + ", if that was meant"
	}
	return e
}
