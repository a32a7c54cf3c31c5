(ns eckermann.check.models-test
  (:require [clojure.test :refer [deftest is]]
            [eckermann.check.models :as m]))

(defn- run [model & ops] (reduce m/step model ops))

(deftest a-register-reads-what-was-written-last
  (is (= 2 (:value (run (m/cas-register 0) {:f :write :value 1} {:f :cas :value [1 2]} {:f :read :value 2} {:f :read :value nil}))))
  (is (m/inconsistent? (run (m/cas-register 0) {:f :cas :value [1 2]})))
  (is (m/inconsistent? (run (m/register 0) {:f :read :value 5}))))

(deftest a-mutex-is-held-by-one
  (is (m/inconsistent? (run (m/mutex) {:f :acquire} {:f :acquire})))
  (is (not (m/inconsistent? (run (m/mutex) {:f :acquire} {:f :release} {:f :acquire}))))
  (is (m/inconsistent? (run (m/mutex) {:f :release}))))

(deftest queues-give-what-they-got
  (is (m/inconsistent? (run (m/fifo-queue) {:f :enqueue :value 1} {:f :enqueue :value 2} {:f :dequeue :value 2})))
  (is (= {1 1} (:pending (run (m/unordered-queue) {:f :enqueue :value 1} {:f :enqueue :value 2} {:f :dequeue :value 2}))))
  (is (m/inconsistent? (run (m/unordered-queue) {:f :dequeue :value 2}))))

(deftest sets-and-registers-of-several-keys
  (is (= #{1 2} (:elements (run (m/set-model) {:f :add :value 1} {:f :add :value 2} {:f :read :value [1 2]}))))
  (is (m/inconsistent? (run (m/set-model) {:f :add :value 1} {:f :read :value []})))
  (is (m/inconsistent? (run (m/multi-register {}) {:f :txn :value [[:write :x 1] [:read :x 2]]}))))

(deftest an-event-stream-takes-what-expects-its-version
  (is (= [:a :b] (:events (run (m/event-stream) {:f :append :value [0 :a]} {:f :append :value [nil :b]} {:f :read-from :value [1 [:b]]}))))
  (is (m/inconsistent? (run (m/event-stream) {:f :append :value [1 :a]})))
  (is (m/inconsistent? (run (m/event-stream) {:f :append :value [0 :a]} {:f :read-from :value [0 []]}))))
