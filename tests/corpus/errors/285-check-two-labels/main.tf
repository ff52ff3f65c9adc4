check "a" "b" {
}
