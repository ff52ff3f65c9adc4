provider "a" "b" {
}
