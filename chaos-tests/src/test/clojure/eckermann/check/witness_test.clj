(ns eckermann.check.witness-test
  (:require [clojure.test :refer [deftest is]]
            [eckermann.check.witness :as witness]))

(defn- append [version value start end] {:kind :append :version version :value value :type :ok :start start :end end})

(defn- look [version value start end] {:kind :read :version version :value value :type :ok :start start :end end})

(def ^:private log {1 :a 2 :b 3 :c})

(deftest calls-that-follow-the-versions-are-valid
  (is (:valid? (witness/check [(append 1 :a 0 2) (look 0 nil 1 3) (append 2 :b 4 6) (look 2 :b 5 9) (append 3 :c 7 nil)] log))))

(deftest a-read-behind-the-last-acknowledged-append-is-stale
  (is (seq (:inversions (witness/check [(append 1 :a 0 1) (append 2 :b 2 3) (look 1 :a 4 5)] log)))))

(deftest an-append-below-one-that-was-complete-before-is-out-of-order
  (is (seq (:inversions (witness/check [(append 2 :b 0 1) (append 1 :a 2 3)] log)))))

(deftest versions-come-once-and-hold-what-was-appended
  (is (= [1] (:versions-twice (witness/check [(append 1 :a 0 1) (append 1 :b 0 2)] log))))
  (is (seq (:mismatched (witness/check [(append 1 :z 0 1)] log))))
  (is (seq (:mismatched (witness/check [(look 2 :z 0 1)] log)))))

(deftest an-unknown-append-that-is-not-there-does-not-count
  (is (:valid? (witness/check [{:kind :append :version nil :value :x :type :info :start 0 :end nil} (look 0 nil 5 6)] log))))
